using System.Collections.Immutable;
using Exchange.Edge.Authentication;
using Exchange.Edge.Errors;
using Exchange.Edge.Hosting;
using Exchange.Edge.Json;

namespace Exchange.Edge.Native.Admin;

/// <summary>Operations of administrators: all need the admin permission, and what changes something is recorded.</summary>
internal static class AdminOperation
{
    public static readonly AnswerShape DoneShape = new("AdminDone",
        new AnswerField("timeMs", AnswerKind.Integer, "The venue's time when it was done."));

    public static Operation Create(
        string method, string path, string name, string summary, BodyShape? body, int success, ImmutableArray<ErrorEntry> errors,
        AnswerShape? answer = null) => new(method, path, name, summary)
        {
            Needs = Permissions.Admin, Body = body, Success = success, Errors = errors, Answer = answer ?? DoneShape,
            IsAudited = method != "GET",
        };
}
