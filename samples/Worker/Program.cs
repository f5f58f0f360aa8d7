using ClientCredentials;
using Worker;

WebApplicationBuilder builder = WebApplication.CreateBuilder(args);

// An app with OpenTelemetry has no ConsoleTelemetry, but two more lines beside the others of its kind:
// .WithMetrics(metrics => metrics.AddMeter(ClientCredentialsTelemetry.MeterName))
// .WithTracing(traces => traces.AddSource(ClientCredentialsTelemetry.ActivitySourceName))
using ConsoleTelemetry telemetry = new([ClientCredentialsTelemetry.MeterName, WorkerMeter.Name], [ClientCredentialsTelemetry.ActivitySourceName]);

// Without a secret there is nothing to work with but servers of the app's own. An app of yours has no such line.
await using Demo? demo = await Demo.StartUnlessThereAreSecretsAsync(builder, telemetry);

builder.Services.AddClientCredentials();
builder.Services.AddHttpClient<InvoiceClient>().AddClientCredentialsHandler("billing");
builder.Services.AddHttpClient<CustomerClient>().AddClientCredentialsHandler("crm");

builder.Services.AddHealthChecks().AddClientCredentials();

builder.Services.AddSingleton<WorkerMeter>();
builder.Services.AddOptions<RoundOptions>().BindConfiguration("Worker");
builder.Services.AddHostedService<Rounds>();

WebApplication app = builder.Build();
app.MapHealthChecks("/health", new() { ResponseWriter = HealthJson.WriteAsync });
await app.RunAsync();

telemetry.Print();
return demo?.Judge() ?? 0;
