using System.Text;

namespace ClientCredentials.Testing.Server;

/// <summary>What a token request says about its client. <see cref="Problem"/> is set where it says too much or nothing legible.</summary>
internal sealed record PresentedCredentials(string? Id, string? Secret, bool UsedHeader, Refusal? Problem = null, string? Assertion = null)
{
    public static PresentedCredentials Read(ReceivedRequest request, ClientRegister clients, bool isRawForAll = false)
    {
        var id = NotEmpty(request.FormValue("client_id"));
        var secret = NotEmpty(request.FormValue("client_secret"));
        if (!request.Headers.TryGetValue("Authorization", out var header))
        {
            return request.FormValue("client_assertion") is null ? new(id, secret, UsedHeader: false) : ReadAssertion(request, id, secret);
        }

        if (header.Count != 1)
        {
            return new(id, secret, UsedHeader: true, Refusal.InvalidRequest("There is more than one Authorization header."));
        }

        if (secret is not null || request.FormValue("client_assertion") is not null)
        {
            return new(id, secret, UsedHeader: true, Refusal.InvalidRequest("The client authenticates by more than one method."));
        }

        if (ReadBasic(header.ToString(), clients, isRawForAll) is not { } basic)
        {
            return new(id, secret, UsedHeader: true, Refusal.InvalidClient("The Authorization header holds no well-formed Basic credentials.", usedHeader: true));
        }

        // A client_id beside the header adds nothing, but it must not say something else.
        return id is null || id == basic.Id
            ? basic
            : basic with { Problem = Refusal.InvalidRequest("The client_id in the form is not the one in the Authorization header.") };
    }

    private static PresentedCredentials ReadAssertion(ReceivedRequest request, string? id, string? secret)
    {
        var assertion = request.FormValue("client_assertion")!;
        if (secret is not null)
        {
            return new(id, secret, UsedHeader: false, Refusal.InvalidRequest("The client authenticates by more than one method."));
        }

        if (request.FormValue("client_assertion_type") != AssertionCheck.Type)
        {
            return new(id, null, UsedHeader: false, Refusal.InvalidRequest($"The client_assertion_type must be {AssertionCheck.Type}."));
        }

        // Without a client_id, the assertion alone says whose it is (RFC 7521 §4.2).
        var subject = AssertionCheck.Subject(assertion);
        return id is null || id == subject
            ? new(subject, null, UsedHeader: false, Assertion: assertion)
            : new(id, null, UsedHeader: false, Refusal.InvalidClient("The client_id in the form is not the subject of the assertion.", usedHeader: false));
    }

    private static PresentedCredentials? ReadBasic(string header, ClientRegister clients, bool isRawForAll)
    {
        const string scheme = "Basic ";
        if (!header.StartsWith(scheme, StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var bytes = new byte[header.Length];
        if (!Convert.TryFromBase64String(header[scheme.Length..].Trim(), bytes, out var length)
            || !Form.TryGetText(bytes.AsSpan(0, length), out var text)
            || text.Split(':', 2) is not [var rawId, var rawSecret])
        {
            return null;
        }

        if (!Form.TryDecode(rawId, out var id) || !Form.TryDecode(rawSecret, out var secret))
        {
            (id, secret) = (rawId, rawSecret);
        }

        // Only the client's registration tells whether its credentials are form-encoded, so each form is looked for where it belongs.
        var isRaw = isRawForAll || clients.Find(rawId) is { RawBasic: true } || clients.Find(id) is { RawBasic: true };
        return isRaw ? new(rawId, rawSecret, UsedHeader: true) : new(id, secret, UsedHeader: true);
    }

    private static string? NotEmpty(string? value) => string.IsNullOrEmpty(value) ? null : value;

    // A record would print the secret.
    private bool PrintMembers(StringBuilder builder)
    {
        builder.Append(Id);
        return true;
    }
}
