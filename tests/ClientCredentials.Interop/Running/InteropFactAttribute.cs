namespace ClientCredentials.Interop.Running;

/// <summary>A test that needs the rig. Without the tools it is skipped, but not in CI: there it fails.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class InteropFactAttribute : FactAttribute
{
    public InteropFactAttribute() => Skip = Tools.ReasonToSkip;
}

/// <summary>A test that needs the rig, once for each of its data.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class InteropTheoryAttribute : TheoryAttribute
{
    public InteropTheoryAttribute() => Skip = Tools.ReasonToSkip;
}
