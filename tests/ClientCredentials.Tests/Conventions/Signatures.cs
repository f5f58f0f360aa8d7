using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace ClientCredentials.Tests.Conventions;

/// <summary>The public surface of an assembly as text: a line for each type and member, in an order that depends on nothing but their names.</summary>
internal static class Signatures
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly Dictionary<Type, string> Keywords = new()
    {
        [typeof(void)] = "void",
        [typeof(bool)] = "bool",
        [typeof(int)] = "int",
        [typeof(long)] = "long",
        [typeof(double)] = "double",
        [typeof(string)] = "string",
        [typeof(object)] = "object",
    };

    public static IEnumerable<string> Of(Assembly assembly) =>
        assembly.GetExportedTypes().OrderBy(type => type.FullName, StringComparer.Ordinal).SelectMany(OfType);

    private static IEnumerable<string> OfType(Type type)
    {
        string name = $"{type.Namespace}.{Name(type, null)}";
        string[] bases = [.. new[] { type.BaseType }.Concat(type.GetInterfaces()).OfType<Type>().Where(IsWorthNaming).Select(other => Name(other, null)).Order(StringComparer.Ordinal)];
        string kind = type switch
        {
            { IsEnum: true } => "enum",
            { IsInterface: true } => "interface",
            { IsValueType: true } => "struct",
            { IsAbstract: true, IsSealed: true } => "static class",
            { IsSealed: true } => "sealed class",
            { IsAbstract: true } => "abstract class",
            _ => "class",
        };
        yield return $"{kind} {name}{(bases.Length > 0 && !type.IsEnum ? $" : {string.Join(", ", bases)}" : "")}";
        IEnumerable<string> members = type.IsEnum
            ? Enum.GetNames(type).Select(value => $"{value} = {Convert.ToInt64(Enum.Parse(type, value), CultureInfo.InvariantCulture)}")
            : type.GetMembers(Declared).Where(IsVisible).Select(OfMember).Order(StringComparer.Ordinal);
        foreach (string member in members)
        {
            yield return $"    {member}";
        }
    }

    private static bool IsWorthNaming(Type type) =>
        type.IsVisible && type != typeof(object) && type != typeof(ValueType) && type.Namespace != "System.Runtime.Serialization";

    private static bool IsVisible(MemberInfo member) => !member.IsDefined(typeof(CompilerGeneratedAttribute)) && member switch
    {
        MethodBase { IsSpecialName: true } method => method is ConstructorInfo && (method.IsPublic || method.IsFamily),
        MethodBase method => method.IsPublic || method.IsFamily,
        FieldInfo field => field.IsPublic || field.IsFamily,
        PropertyInfo property => property.GetAccessors().Length > 0,
        EventInfo happening => happening.AddMethod!.IsPublic,
        _ => false,
    };

    private static string OfMember(MemberInfo member)
    {
        NullabilityInfoContext nullability = new();
        switch (member)
        {
            case ConstructorInfo constructor:
                return $"new({Parameters(constructor, nullability)})";
            case MethodInfo method:
                string generics = method.IsGenericMethod ? $"<{string.Join(", ", method.GetGenericArguments().Select(argument => argument.Name))}>" : "";
                return $"{Static(method)}{method.Name}{generics}({Parameters(method, nullability)}) : {Name(method.ReturnType, nullability.Create(method.ReturnParameter))}";
            case PropertyInfo property:
                string required = property.IsDefined(typeof(RequiredMemberAttribute)) ? "required " : "";
                return $"{required}{Static(property.GetAccessors()[0])}{property.Name} : {Name(property.PropertyType, nullability.Create(property))} {{ {Accessors(property)} }}";
            case FieldInfo field:
                string constant = field.IsLiteral ? $"const {field.Name} = {Literal(field.GetRawConstantValue())}" : $"{(field.IsStatic ? "static " : "")}{field.Name}";
                return $"{constant} : {Name(field.FieldType, nullability.Create(field))}";
            case EventInfo happening:
                return $"event {happening.Name} : {Name(happening.EventHandlerType!, nullability.Create(happening))}";
            default:
                return member.ToString()!;
        }
    }

    private static string Static(MethodBase method) => method.IsStatic ? "static " : "";

    private static string Accessors(PropertyInfo property)
    {
        string? get = property.GetMethod is { IsPublic: true } ? "get;" : null;
        string? set = property.SetMethod is { IsPublic: true } setter
            ? setter.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)) ? "init;" : "set;"
            : null;
        return string.Join(' ', new[] { get, set }.OfType<string>());
    }

    private static string Parameters(MethodBase method, NullabilityInfoContext nullability)
    {
        string extends = method.IsDefined(typeof(ExtensionAttribute)) ? "this " : "";
        return extends + string.Join(", ", method.GetParameters().Select(parameter =>
            $"{(parameter.IsDefined(typeof(ParamArrayAttribute)) ? "params " : "")}{Name(parameter.ParameterType, nullability.Create(parameter))} {parameter.Name}"
            + (parameter.HasDefaultValue ? $" = {Literal(parameter.DefaultValue)}" : "")));
    }

    private static string Literal(object? value) => value switch
    {
        null => "default",
        string text => $"\"{text}\"",
        bool flag => flag ? "true" : "false",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    private static string Name(Type type, NullabilityInfo? nullability)
    {
        if (Nullable.GetUnderlyingType(type) is { } underlying)
        {
            return Name(underlying, null) + "?";
        }

        string mark = !type.IsValueType && nullability is { ReadState: NullabilityState.Nullable } or { WriteState: NullabilityState.Nullable } && !type.IsValueType ? "?" : "";
        if (type.IsArray)
        {
            return $"{Name(type.GetElementType()!, nullability?.ElementType)}[]{mark}";
        }

        if (Keywords.TryGetValue(type, out string? keyword))
        {
            return keyword + mark;
        }

        if (!type.IsGenericType)
        {
            return type.Name + mark;
        }

        Type[] arguments = type.GetGenericArguments();
        NullabilityInfo[] inner = nullability?.GenericTypeArguments ?? [];
        string list = string.Join(", ", arguments.Select((argument, index) => Name(argument, index < inner.Length ? inner[index] : null)));
        return $"{type.Name.Split('`')[0]}<{list}>{mark}";
    }
}
