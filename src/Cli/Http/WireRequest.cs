using System.Text;

namespace Exchange.Cli.Http;

/// <summary>The bytes of a request.</summary>
internal static class WireRequest
{
    /// <param name="server">Whose host goes into the request.</param>
    /// <param name="method">In capitals.</param>
    /// <param name="target">Path and query, encoded.</param>
    /// <param name="token">Null: no credentials.</param>
    /// <param name="json">Null: no body.</param>
    /// <param name="head">Further header lines, each with its end.</param>
    public static byte[] Create(Uri server, string method, string target, string? token = null, string? json = null, string? head = null)
    {
        var text = new StringBuilder(256);
        text.Append(method).Append(' ').Append(target).Append(" HTTP/1.1\r\nHost: ").Append(server.Authority).Append("\r\n");
        if (token is not null)
            text.Append("Authorization: Bearer ").Append(token).Append("\r\n");
        text.Append(head);
        if (json is not null)
            text.Append("Content-Type: application/json\r\nContent-Length: ").Append(Encoding.UTF8.GetByteCount(json)).Append("\r\n");
        return Encoding.UTF8.GetBytes(text.Append("\r\n").Append(json).ToString());
    }
}
