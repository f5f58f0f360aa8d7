namespace ClientCredentials.Testing.Server;

/// <summary>Holds requests back until nobody holds the gate any more.</summary>
internal sealed class Gate
{
    private readonly Lock _lock = new();
    private TaskCompletionSource? _opened;
    private int _holders;

    /// <summary>Completes when the gate is open; null while it is.</summary>
    public Task? Opened => Volatile.Read(ref _opened)?.Task;

    public IDisposable Hold()
    {
        lock (_lock)
        {
            _holders++;
            _opened ??= new(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        return new Holder(this);
    }

    private void Release()
    {
        lock (_lock)
        {
            if (--_holders == 0)
            {
                _opened!.SetResult();
                _opened = null;
            }
        }
    }

    private sealed class Holder(Gate gate) : IDisposable
    {
        private Gate? _gate = gate;

        public void Dispose() => Interlocked.Exchange(ref _gate, null)?.Release();
    }
}
