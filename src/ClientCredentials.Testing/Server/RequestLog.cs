namespace ClientCredentials.Testing.Server;

/// <summary>The counters and the bounded log of one endpoint, and those who wait for a count.</summary>
internal sealed class RequestLog(int capacity)
{
    private readonly Lock _gate = new();
    private readonly Queue<ReceivedRequest> _received = new();
    private readonly List<(int Count, TaskCompletionSource Reached)> _waiters = [];
    private int _count;
    private int _succeeded;
    private int _refused;
    private int _inFlight;
    private int _maxConcurrent;
    private int _generation;
    private bool _isClosed;

    public int Count => Volatile.Read(ref _count);

    public int Succeeded => Volatile.Read(ref _succeeded);

    public int Refused => Volatile.Read(ref _refused);

    public int MaxConcurrent => Volatile.Read(ref _maxConcurrent);

    public IReadOnlyList<ReceivedRequest> Received
    {
        get
        {
            lock (_gate)
            {
                return _received.ToArray();
            }
        }
    }

    public void Arrive(ReceivedRequest request)
    {
        lock (_gate)
        {
            request.Generation = _generation;
            _count++;
            _maxConcurrent = Math.Max(_maxConcurrent, ++_inFlight);
            if (_received.Count >= capacity)
            {
                _received.TryDequeue(out _);
            }

            _received.Enqueue(request);
            Release();
        }
    }

    /// <summary>Notes the answer: as its first byte leaves, so that who has the answer finds it counted. 0 is no answer at all.</summary>
    public void Leave(ReceivedRequest request, int status)
    {
        lock (_gate)
        {
            if (request.HasLeft)
            {
                return;
            }

            request.HasLeft = true;
            request.StatusCode = status;
            _inFlight--;
            if (request.Generation != _generation)
            {
                return;
            }

            if (status is >= 200 and < 300)
            {
                _succeeded++;
                return;
            }

            _refused++;
        }
    }

    /// <summary>Starts anew; requests still in the air count as concurrent, but no longer as answered.</summary>
    public void Reset()
    {
        lock (_gate)
        {
            _generation++;
            _count = _succeeded = _refused = 0;
            _maxConcurrent = _inFlight;
            _received.Clear();
        }
    }

    public Task WaitForAsync(int count, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_count >= count)
            {
                return Task.CompletedTask;
            }

            ObjectDisposedException.ThrowIf(_isClosed, typeof(TestAuthorizationServer));

            var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiters.Add((count, reached));
            return reached.Task.WaitAsync(cancellationToken);
        }
    }

    public void Close()
    {
        lock (_gate)
        {
            _isClosed = true;
            foreach (var (_, reached) in _waiters)
            {
                reached.SetException(new ObjectDisposedException(nameof(TestAuthorizationServer)));
            }

            _waiters.Clear();
        }
    }

    /// <summary>Counts what is still in the air as never answered: no connection is left on which it could be.</summary>
    public void Settle()
    {
        foreach (var request in Received)
        {
            Leave(request, 0);
        }
    }

    private void Release()
    {
        for (var i = _waiters.Count - 1; i >= 0; i--)
        {
            if (_count >= _waiters[i].Count)
            {
                _waiters[i].Reached.SetResult();
                _waiters.RemoveAt(i);
            }
        }
    }
}
