using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Worker;

/// <summary>Writes a health report as JSON: the verdict, and the reason for each client.</summary>
internal static class HealthJson
{
    // The sentences are for people: their quotation marks stay legible. It is JSON and no part of a page.
    private static readonly JsonSerializerOptions Legible = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Task WriteAsync(HttpContext context, HealthReport report) => context.Response.WriteAsJsonAsync(
        new
        {
            Status = report.Status.ToString(),
            Checks = report.Entries.ToDictionary(check => check.Key, check => new { Status = check.Value.Status.ToString(), check.Value.Data }),
        },
        Legible);
}
