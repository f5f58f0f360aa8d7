using Microsoft.AspNetCore.Http;

namespace ClientCredentials.Testing.Server;

/// <summary>A scripted answer: true when it has answered, false when the endpoint itself shall.</summary>
internal delegate Task<bool> Step(HttpContext context, ReceivedRequest request, CancellationToken ended);

/// <summary>The scripted answers of one endpoint, taken in order, each as often as it says.</summary>
internal sealed class Steps
{
    /// <summary>For as long as the script is not cleared.</summary>
    public const int Forever = int.MaxValue;

    private readonly Lock _gate = new();
    private readonly Queue<Step> _steps = new();
    private readonly Queue<int> _times = new();
    private int _left;

    public void Add(Step step, int times)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(times, 1);

        lock (_gate)
        {
            _steps.Enqueue(step);
            _times.Enqueue(times);
            if (_steps.Count == 1)
            {
                _left = times;
            }
        }
    }

    public Step? Take()
    {
        lock (_gate)
        {
            if (!_steps.TryPeek(out var step))
            {
                return null;
            }

            if (_left != Forever && --_left == 0)
            {
                _steps.Dequeue();
                _times.Dequeue();
                _times.TryPeek(out _left);
            }

            return step;
        }
    }

    public void Clear()
    {
        lock (_gate)
        {
            _steps.Clear();
            _times.Clear();
        }
    }
}
