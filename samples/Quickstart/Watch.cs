namespace Quickstart;

/// <summary>Counts the calls that had to wait for a token, from outside of the package: one handler before its own, one behind it.</summary>
/// <remarks>
/// With a token at hand the package's handler passes a request on at once, on the thread that brought it: it has come out on the inside
/// before the outside gets its task back. A request that has not come out by then, or came out on another thread, waited for its token.
/// One that comes out a second time met a 401, and is counted as having waited for the renewal.
/// So every call is judged as it really went; none is spared by asking a little earlier, or a little later, whether there is a token.
/// </remarks>
internal sealed class Watch
{
    private static readonly HttpRequestOptionsKey<Passage> Key = new(nameof(Passage));

    private int _waits;

    /// <summary>How many calls waited so far.</summary>
    public int Waits => Volatile.Read(ref _waits);

    public DelegatingHandler Outside() => new OutsideHandler(this);

    public DelegatingHandler Inside() => new InsideHandler();

    private sealed class OutsideHandler(Watch watch) : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Passage passage = new(watch);
            request.Options.Set(Key, passage);
            Task<HttpResponseMessage> answer = base.SendAsync(request, cancellationToken);
            // What failed at once never came out, and waited for nothing.
            if (passage.Thread != Environment.CurrentManagedThreadId && !answer.IsFaulted)
            {
                passage.Waited();
            }

            return answer;
        }
    }

    private sealed class InsideHandler : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (request.Options.TryGetValue(Key, out Passage? passage))
            {
                passage.CameOut();
            }

            return base.SendAsync(request, cancellationToken);
        }
    }

    /// <summary>The way of one call through the package's handler.</summary>
    private sealed class Passage(Watch watch)
    {
        private int _thread;
        private int _hasWaited;

        /// <summary>The thread on which it first came out; 0 while it has not.</summary>
        public int Thread => Volatile.Read(ref _thread);

        public void CameOut()
        {
            if (Interlocked.CompareExchange(ref _thread, Environment.CurrentManagedThreadId, 0) != 0)
            {
                Waited();
            }
        }

        /// <summary>Counts the call, once.</summary>
        public void Waited()
        {
            if (Interlocked.Exchange(ref _hasWaited, 1) == 0)
            {
                Interlocked.Increment(ref watch._waits);
            }
        }
    }
}
