using System.Net;

namespace ClientCredentials.Tests.Http;

public class WhatMeansANewToken
{
    [Theory]
    [Trait("Scenario", "T90")]
    [InlineData]
    [InlineData("Bearer")]
    [InlineData("bearer realm=\"api\"")]
    [InlineData("Bearer error=\"invalid_token\"")]
    [InlineData("DPoP algs=\"ES256\"")]
    [InlineData("Negotiate, Basic realm=\"a,b\", Bearer error=\"invalid_token\", error_description=\"x, \\\"y\\\"\"")]
    [InlineData("Negotiate", "Basic realm=\"a,b\"", "Bearer error=\"invalid_token\"")]
    public async Task A_401_that_may_be_about_the_token_is_sent_again_with_a_new_one(params string[] challenges)
    {
        await using App app = new();
        app.Api.Answer(HttpStatusCode.Unauthorized, challenges);

        HttpResponseMessage response = await app.Caller.GetAsync("x");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(["Bearer token-1", "Bearer token-2"], app.Api.Tokens);
    }

    [Theory]
    [Trait("Scenario", "T52")]
    [InlineData(401, "Basic realm=\"api\"")]
    [InlineData(401, "Negotiate", "Basic realm=\"Bearer error=invalid_token\"")]
    [InlineData(401, "ApiKey header=\"X-Key\"")]
    [InlineData(401, "Bearer error=\"insufficient_scope\", scope=\"write\"")]
    [InlineData(401, "Bearer error=\"invalid_request\"")]
    [InlineData(403, "Bearer error=\"insufficient_scope\", scope=\"write\"")]
    [InlineData(403)]
    [InlineData(400, "Bearer error=\"invalid_request\"")]
    [InlineData(500, "Bearer error=\"invalid_token\"")]
    public async Task An_answer_that_no_new_token_would_change_goes_back_as_it_is(int status, params string[] challenges)
    {
        await using App app = new();
        app.Api.Answer((HttpStatusCode)status, challenges);

        HttpResponseMessage response = await app.Caller.GetAsync("x");
        await app.Caller.GetAsync("y");

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(["Bearer token-1", "Bearer token-1"], app.Api.Tokens);
        Assert.Equal(1, app.Tokens.Count);
    }

    [Fact]
    [Trait("Scenario", "T91")]
    public async Task A_403_without_a_word_renews_where_RenewOn_lists_it()
    {
        await using App app = new(client => client.RenewOn.Add(HttpStatusCode.Forbidden));
        app.Api.Answer(HttpStatusCode.Forbidden);

        HttpResponseMessage response = await app.Caller.GetAsync("x");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(["Bearer token-1", "Bearer token-2"], app.Api.Tokens);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(599)]
    public async Task RenewOn_may_list_the_first_and_the_last_of_the_errors(int status)
    {
        await using App app = new(client => client.RenewOn.Add((HttpStatusCode)status));
        app.Api.Answer((HttpStatusCode)status);

        await app.Caller.GetAsync("x");

        Assert.Equal(["Bearer token-1", "Bearer token-2"], app.Api.Tokens);
    }

    [Fact]
    [Trait("Scenario", "T91")]
    public async Task A_403_without_a_word_does_not_renew_by_default()
    {
        await using App app = new();
        app.Api.Answer(HttpStatusCode.Forbidden);

        HttpResponseMessage response = await app.Caller.GetAsync("x");

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Equal((1, 1), (app.Api.Count, app.Tokens.Count));
    }

    [Fact]
    [Trait("Scenario", "T52")]
    public async Task A_403_for_a_lacking_scope_does_not_renew_even_where_RenewOn_lists_it()
    {
        await using App app = new(client => client.RenewOn.Add(HttpStatusCode.Forbidden));
        app.Api.Answer(HttpStatusCode.Forbidden, "Bearer error=\"insufficient_scope\"");

        HttpResponseMessage response = await app.Caller.GetAsync("x");

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Equal((1, 1), (app.Api.Count, app.Tokens.Count));
    }

    [Fact]
    public async Task Nothing_renews_where_RenewOn_is_empty()
    {
        await using App app = new(client => client.RenewOn.Clear());
        app.Api.Answer(HttpStatusCode.Unauthorized, "Bearer error=\"invalid_token\"");

        HttpResponseMessage response = await app.Caller.GetAsync("x");
        await app.Caller.GetAsync("y");

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal(["Bearer token-1", "Bearer token-1"], app.Api.Tokens);
    }
}
