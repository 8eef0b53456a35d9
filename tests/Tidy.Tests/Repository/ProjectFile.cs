using System.Xml.Linq;

namespace Exchange.Tidy.Tests.Repository;

/// <summary>What one csproj refers to.</summary>
/// <param name="Path">Below the root.</param>
/// <param name="Projects">Names of the referenced projects.</param>
internal sealed record ProjectFile(string Path, IReadOnlyList<string> Projects, IReadOnlyList<string> Packages)
{
    public string Name => System.IO.Path.GetFileNameWithoutExtension(Path);

    public static ProjectFile Read(string path)
    {
        XElement project = XElement.Parse(RepositoryFiles.Read(path));
        IEnumerable<string> Items(string kind) =>
            project.Descendants(kind).Select(item => (string?)item.Attribute("Include") ?? "").Where(include => include.Length > 0);
        return new ProjectFile(
            path,
            [.. Items("ProjectReference").Select(include => System.IO.Path.GetFileNameWithoutExtension(include.Replace('\\', '/')))],
            [.. Items("PackageReference")]);
    }
}
