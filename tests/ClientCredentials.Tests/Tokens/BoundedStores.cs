using ClientCredentials.Tokens;

namespace ClientCredentials.Tests.Tokens;

public class BoundedStores
{
    [Fact]
    public void To_remove_one_value_costs_the_same_however_many_there_are()
    {
        List<string> dropped = [];
        using BoundedStore<string, object> store = new(10_000, static _ => { }, static _ => { }, dropped.Add);
        for (int i = 0; i < 5000; i++)
        {
            store.GetOrAdd($"{i}", static () => new object());
        }

        object value = store.Get("17")!;
        long before = GC.GetAllocatedBytesForCurrentThread();
        bool wasThere = store.Remove("17", value);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.True(wasThere);
        Assert.Equal(["17"], dropped);
        Assert.Equal(4999, store.Count);
        Assert.InRange(allocated, 0, 10_000);
    }

    [Fact]
    public void That_it_is_full_is_said_once()
    {
        List<object> full = [];
        using BoundedStore<string, object> store = new(10, full.Add, static _ => { }, static _ => { });

        for (int i = 0; i < 50; i++)
        {
            store.GetOrAdd($"{i}", static () => new object());
        }

        Assert.Single(full);
        Assert.InRange(store.Count, 1, 10);
    }

    [Fact]
    public void After_its_end_a_value_still_serves_the_one_who_asks_for_it()
    {
        object value = new();
        BoundedStore<string, object> store = new(10, static _ => { }, static _ => { }, static _ => { });
        store.GetOrAdd("a", static () => new object());

        store.Dispose();

        Assert.Same(value, store.GetOrAdd("a", () => value));
        Assert.Null(store.Get("a"));
    }
}
