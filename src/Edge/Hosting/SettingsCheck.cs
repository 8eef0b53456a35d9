using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Exchange.Edge.Hosting;

/// <summary>Refuses a section of the settings by the full name of what is wrong: out of range, malformed, or a name that does not exist.</summary>
public sealed class SettingsCheck<T>(IConfiguration configuration, string section) : IValidateOptions<T>
    where T : class
{
    public ValidateOptionsResult Validate(string? name, T options)
    {
        string[] known = [.. typeof(T).GetProperties().Where(property => property.CanWrite).Select(property => property.Name)];
        var problems = new List<string>();
        foreach (IConfigurationSection given in configuration.GetSection(section).GetChildren())
        {
            // A misspelt bound would otherwise be no bound at all.
            if (!known.Contains(given.Key, StringComparer.OrdinalIgnoreCase))
                problems.Add($"Setting '{section}:{given.Key}' does not exist; those of {section} are {string.Join(", ", known)}.");
        }

        var found = new List<ValidationResult>();
        Validator.TryValidateObject(options, new ValidationContext(options), found, validateAllProperties: true);
        problems.AddRange(found.Select(wrong => $"Setting '{section}:{string.Join(", ", wrong.MemberNames)}': {wrong.ErrorMessage}"));
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }
}

/// <summary>Binds a section and checks it at start.</summary>
internal static class SettingsCheckExtensions
{
    public static void AddSettings<T>(this IServiceCollection services, string section)
        where T : class
    {
        services.AddOptions<T>().BindConfiguration(section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<T>>(provider => new SettingsCheck<T>(provider.GetRequiredService<IConfiguration>(), section));
    }
}
