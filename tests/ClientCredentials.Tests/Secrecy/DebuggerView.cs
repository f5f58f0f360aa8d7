using System.Collections;
using System.Diagnostics;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace ClientCredentials.Tests.Secrecy;

/// <summary>What a debugger shows of an object of ours: its display, its properties and fields, and theirs.</summary>
internal static class DebuggerView
{
    private const BindingFlags All = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    public static IEnumerable<string> Of(object value) => Of(value, value.GetType().Name, []);

    private static IEnumerable<string> Of(object? value, string path, HashSet<object> seen)
    {
        if (value is null || (!value.GetType().IsValueType && value is not string && !seen.Add(value)))
        {
            yield break;
        }

        yield return $"{path}: {Display(value)}";
        if (value is IEnumerable several and not string)
        {
            foreach (object? item in several)
            {
                foreach (string text in Of(item, $"{path}[]", seen))
                {
                    yield return text;
                }
            }
        }

        if (value.GetType().Assembly != typeof(AccessToken).Assembly)
        {
            yield break;
        }

        foreach ((string name, object? member) in Members(value))
        {
            foreach (string text in Of(member, $"{path}.{name}", seen))
            {
                yield return text;
            }
        }
    }

    private static string? Display(object value) => value.GetType().GetCustomAttribute<DebuggerDisplayAttribute>() is not { } display || value.GetType().Assembly != typeof(AccessToken).Assembly
        ? value.ToString()
        : Regex.Replace(display.Value, @"\{(\w+)(\(\))?(,nq)?\}", match => match.Groups[2].Success
            ? $"{value.GetType().GetMethod(match.Groups[1].Value, [])!.Invoke(value, null)}"
            : $"{value.GetType().GetProperty(match.Groups[1].Value, All)!.GetValue(value)}");

    private static IEnumerable<(string Name, object? Value)> Members(object value) =>
        value.GetType().GetProperties(All)
            .Where(property => IsShown(property) && property.GetIndexParameters().Length == 0 && property.CanRead)
            .Select(property => (property.Name, property.GetValue(value)))
            .Concat(value.GetType().GetFields(All)
                .Where(field => IsShown(field) && !field.IsDefined(typeof(CompilerGeneratedAttribute)))
                .Select(field => (field.Name, field.GetValue(value))));

    private static bool IsShown(MemberInfo member) => member.GetCustomAttribute<DebuggerBrowsableAttribute>()?.State != DebuggerBrowsableState.Never;
}
