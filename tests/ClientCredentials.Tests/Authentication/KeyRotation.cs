using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using ClientCredentials.Authentication;
using ClientCredentials.Clients;
using ClientCredentials.Testing;

namespace ClientCredentials.Tests.Authentication;

public sealed class KeyRotation : IDisposable
{
    private readonly ECDsa _old = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly ECDsa _new = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public void Dispose()
    {
        _old.Dispose();
        _new.Dispose();
    }

    [Fact]
    public async Task A_file_that_changed_is_read_again_for_the_next_fetch()
    {
        await using AssertionApp app = await StartAsync("key.pem");
        ConnectResult before = await app.Credentials.ConnectAsync("billing");

        app.File("key.pem", _new.ExportPkcs8PrivateKeyPem());
        app.Server["billing-app"].PublicKeys = [_new];
        ConnectResult after = await app.Credentials.ConnectAsync("billing");

        Assert.Equal([true, true], [before.IsOK, after.IsOK]);
    }

    [Fact]
    public async Task A_link_that_is_moved_to_another_folder_counts_as_a_change()
    {
        await using AssertionApp app = await AssertionApp.StartAsync(client => (client.Authentication, client.PublicKeys) = (ClientAuthentication.PrivateKeyJwt, [_old]));
        string first = app.File("one.pem", _old.ExportPkcs8PrivateKeyPem());
        string second = app.File("two.pem", _new.ExportPkcs8PrivateKeyPem());
        File.SetLastWriteTimeUtc(second, File.GetLastWriteTimeUtc(first).AddSeconds(1));
        string link = Path.Combine(Path.GetDirectoryName(first)!, "key.pem");
        File.CreateSymbolicLink(link, first);
        app.Configure(client => (client.AuthenticationMethod, client.Key.PemFile) = (AuthenticationMethod.PrivateKeyJwt, link));
        await app.TokenAsync();

        File.Delete(link);
        File.CreateSymbolicLink(link, second);
        app.Server["billing-app"].PublicKeys = [_new];
        ConnectResult after = await app.Credentials.ConnectAsync("billing");

        Assert.True(after.IsOK, after.Problem);
    }

    [Fact]
    public async Task A_new_file_that_is_broken_fails_the_fetch_in_plain_words_until_it_is_whole()
    {
        await using AssertionApp app = await StartAsync("key.pem");
        await app.TokenAsync();

        string path = app.File("key.pem", "-----BEGIN PRIV");
        ConnectResult broken = await app.Credentials.ConnectAsync("billing");
        app.File("key.pem", _old.ExportPkcs8PrivateKeyPem());
        ConnectResult whole = await app.Credentials.ConnectAsync("billing");

        Assert.Equal(FailureReason.NotConfigured, broken.Reason);
        Assert.Equal($"Client 'billing': Key:PemFile ('{path}') is not PEM: it has no block from '-----BEGIN …-----' to '-----END …-----' that can be read.", broken.Problem);
        Assert.True(whole.IsOK, whole.Problem);
        Assert.Equal(2, app.Server.TokenEndpoint.Count);
    }

    [Fact]
    public async Task A_file_that_is_late_is_transient()
    {
        await using AssertionApp app = await AssertionApp.StartAsync(_ => { });
        app.Configure(client => (client.AuthenticationMethod, client.Key.PemFile, client.MaxRetries) = (AuthenticationMethod.PrivateKeyJwt, "/nowhere/key.pem", 0));

        ClientCredentialsException error = await Assert.ThrowsAsync<ClientCredentialsException>(app.TokenAsync);

        Assert.Equal("Client 'billing': Key:PemFile ('/nowhere/key.pem') does not exist.", error.Message);
        Assert.Equal(FailureReason.NotConfigured, error.Reason);
        Assert.True(error.IsTransient);
    }

    [Fact]
    public async Task A_file_that_did_not_change_is_not_read_again()
    {
        await using AssertionApp app = await StartAsync("key.pem");
        await app.TokenAsync();
        string path = app.File("key.pem", _old.ExportPkcs8PrivateKeyPem());
        await app.Credentials.ConnectAsync("billing");

        // Another content of the same length and time: only reading it would tell.
        DateTime written = File.GetLastWriteTimeUtc(path);
        File.WriteAllText(path, new string('x', (int)new FileInfo(path).Length));
        File.SetLastWriteTimeUtc(path, written);
        ConnectResult again = await app.Credentials.ConnectAsync("billing");

        Assert.True(again.IsOK, again.Problem);
    }

    [Fact]
    public void The_key_of_a_client_that_nobody_holds_any_more_is_not_held_either()
    {
        Keys keys = new([]);

        WeakReference key = Used(keys, _old.ExportPkcs8PrivateKeyPem());
        GC.Collect();

        Assert.False(key.IsAlive);
        GC.KeepAlive(keys);
    }

    // Not inlined, or the test itself would hold on to what is in here.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference Used(Keys keys, string pem)
    {
        ClientCredentialsOptions tenant = new() { ClientId = "tenant-1", AuthenticationMethod = AuthenticationMethod.PrivateKeyJwt };
        tenant.Key.Pem = pem;
        return new WeakReference(keys.Get(new Settings("tenant-1", profile: null, isActive: true, tenant)).Signer!.Key);
    }

    private async Task<AssertionApp> StartAsync(string file)
    {
        AssertionApp app = await AssertionApp.StartAsync(client => (client.Authentication, client.PublicKeys) = (ClientAuthentication.PrivateKeyJwt, [_old]));
        string path = app.File(file, _old.ExportPkcs8PrivateKeyPem());
        return app.Configure(client => (client.AuthenticationMethod, client.Key.PemFile) = (AuthenticationMethod.PrivateKeyJwt, path));
    }
}
