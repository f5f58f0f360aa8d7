using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ClientCredentials.Benchmarks.Scene;

/// <summary>An API on a real socket of this machine that answers 200 to everybody.</summary>
internal sealed class LoopbackApi : IAsyncDisposable
{
    private readonly WebApplication _server;

    private LoopbackApi(WebApplication server) => _server = server;

    public Uri Url => new(new Uri(_server.Urls.First()), "v1/invoices/17");

    public static async Task<LoopbackApi> StartAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        WebApplication server = builder.Build();
        server.Run(static context =>
        {
            context.Response.StatusCode = StatusCodes.Status200OK;
            return Task.CompletedTask;
        });
        await server.StartAsync();
        return new LoopbackApi(server);
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
