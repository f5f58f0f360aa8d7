using Quickstart;

switch (args)
{
    case []:
        return await Demo.RunAsync();
    case ["--server"]:
        return await KeptUp.RunAsync();
    default:
        await Console.Error.WriteLineAsync($"'{string.Join(' ', args)}' is not understood. Usage: dotnet run --project samples/Quickstart [-- --server]");
        return 2;
}
