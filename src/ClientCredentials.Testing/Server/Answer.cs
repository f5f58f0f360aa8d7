using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace ClientCredentials.Testing.Server;

/// <summary>Writes answers: one write, with a length, so that a connection can be used again at once.</summary>
internal static class Answer
{
    public static Task WriteAsync(HttpContext context, Refusal refusal)
    {
        if (refusal.Challenge is { } challenge)
        {
            context.Response.Headers.WWWAuthenticate = challenge;
        }

        if (refusal.Error is null)
        {
            return WriteAsync(context, refusal.Status, contentType: null, default);
        }

        var body = new Dictionary<string, string>(StringComparer.Ordinal) { ["error"] = refusal.Error };
        if (refusal.Description is { } description)
        {
            body["error_description"] = description;
        }

        return WriteJsonAsync(context, refusal.Status, JsonSerializer.SerializeToUtf8Bytes(body));
    }

    public static Task WriteJsonAsync(HttpContext context, HttpStatusCode status, ReadOnlyMemory<byte> json)
        => WriteAsync(context, status, "application/json", json);

    public static Task WriteAsync(HttpContext context, HttpStatusCode status, string? contentType, ReadOnlyMemory<byte> body)
    {
        var response = context.Response;
        response.StatusCode = (int)status;
        // A 204 or 304 has no body and says no length, and Kestrel holds a test to that.
        if (status is HttpStatusCode.NoContent or HttpStatusCode.NotModified)
        {
            return Task.CompletedTask;
        }

        response.ContentType = contentType;
        response.ContentLength = body.Length;
        return body.IsEmpty ? Task.CompletedTask : response.Body.WriteAsync(body, context.RequestAborted).AsTask();
    }
}
