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
}
