namespace ClientCredentials;

/// <summary>Does what is posted on the thread pool, one after the other and in order. Where it does not keep up, the oldest is dropped.</summary>
/// <param name="limit">How many may wait.</param>
internal sealed class SerialQueue(int limit) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Queue<Action> _waiting = new();
    private TaskCompletionSource? _busy;
    private bool _isDisposed;

    /// <summary>Completes when nothing waits and nothing is being done.</summary>
    public Task Idle
    {
        get
        {
            lock (_gate)
            {
                return _busy?.Task ?? Task.CompletedTask;
            }
        }
    }

    /// <param name="work">What is to be done; it must not throw.</param>
    public void Post(Action work)
    {
        lock (_gate)
        {
            if (_isDisposed)
            {
                return;
            }

            if (_waiting.Count == limit)
            {
                _waiting.Dequeue();
            }

            _waiting.Enqueue(work);
            if (_busy is not null)
            {
                return;
            }

            _busy = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        // Unsafe: without the execution context of whoever posts first.
        ThreadPool.UnsafeQueueUserWorkItem(static queue => queue.Run(), this, preferLocal: false);
    }

    /// <summary>Drops what waits. What is being done is not waited for: it may never end.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _isDisposed = true;
            _waiting.Clear();
        }
    }

    private void Run()
    {
        while (Next() is { } work)
        {
            work();
        }
    }

    private Action? Next()
    {
        lock (_gate)
        {
            if (_waiting.TryDequeue(out Action? work))
            {
                return work;
            }

            _busy!.SetResult();
            _busy = null;
            return null;
        }
    }
}
