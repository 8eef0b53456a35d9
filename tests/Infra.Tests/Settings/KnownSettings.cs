using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Exchange.Infra.Tests.Settings;

/// <summary>The settings that a program of src knows: the properties of its option classes, below their <c>Section</c>.</summary>
internal static partial class KnownSettings
{
    /// <summary>ASP.NET Core's own.</summary>
    private static readonly string[] OfTheHost = ["Urls", "AllowedHosts", "Logging:Console:FormatterName", "Logging:Console:FormatterOptions:IncludeScopes"];

    /// <param name="variable">As in an environment: <c>Edge__MaxStreams</c>.</param>
    /// <param name="projects">Those that the program is made of.</param>
    public static bool Knows(string variable, params string[] projects)
    {
        string setting = variable.Replace("__", ":", StringComparison.Ordinal);
        return OfTheHost.Contains(setting, StringComparer.OrdinalIgnoreCase)
            || LogLevel().IsMatch(setting)
            || Of(projects).Contains(setting, StringComparer.OrdinalIgnoreCase);
    }

    public static IEnumerable<string> Of(params string[] projects) =>
        from root in SourceTree.Of(projects)
        from type in root.DescendantNodes().OfType<ClassDeclarationSyntax>()
        let section = SectionOf(type)
        where section is not null
        from property in type.Members.OfType<PropertyDeclarationSyntax>()
        where property.Modifiers.Any(SyntaxKind.PublicKeyword) && property.AccessorList is { } accessors
            && accessors.Accessors.Any(accessor => accessor.IsKind(SyntaxKind.SetAccessorDeclaration) || accessor.IsKind(SyntaxKind.InitAccessorDeclaration))
        select section.Length == 0 ? property.Identifier.Text : $"{section}:{property.Identifier.Text}";

    /// <summary>The section of an option class; empty: its settings stand at the top; null: it is none.</summary>
    private static string? SectionOf(ClassDeclarationSyntax type) => type.Identifier.Text == "ApiOptions" ? "" : type.Members
        .OfType<FieldDeclarationSyntax>()
        .Where(field => field.Modifiers.Any(SyntaxKind.ConstKeyword))
        .SelectMany(field => field.Declaration.Variables)
        .Where(variable => variable.Identifier.Text == "Section")
        .Select(variable => SourceTree.Literal(variable.Initializer?.Value))
        .FirstOrDefault();

    [GeneratedRegex(@"^Logging:(Console:)?LogLevel:[\w.]+$", RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex LogLevel();
}
