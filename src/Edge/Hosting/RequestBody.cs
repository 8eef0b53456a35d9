using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using Exchange.Edge.Authentication;
using Exchange.Edge.Errors;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Exchange.Edge.Hosting;

/// <summary>A request's whole body in one rented buffer, behind the text that a signature covers before it.</summary>
internal struct RequestBody
{
    private byte[]? _buffer;
    private int _bodyStart;
    private int _end;

    public readonly ReadOnlySpan<byte> Bytes => _buffer.AsSpan(_bodyStart, _end - _bodyStart);

    public readonly ReadOnlyMemory<byte> Memory => _buffer.AsMemory(_bodyStart, _end - _bodyStart);

    /// <summary>timestamp, method, path and query, body; for a request that is not signed only the body.</summary>
    public readonly ReadOnlySpan<byte> SignedText => _buffer.AsSpan(0, _end);

    /// <summary>Reads the body up to its end, or refuses while reading.</summary>
    /// <param name="mostBytes">0: the request takes none.</param>
    public static async ValueTask<(Problem? Problem, RequestBody Body)> Read(HttpContext context, int mostBytes)
    {
        var body = default(RequestBody);
        HttpRequest request = context.Request;
        if (Refuse(context, mostBytes) is { } refusal)
            return (refusal, body);

        bool canHaveBody = CanHaveBody(context);
        body.Begin(request, canHaveBody, request.ContentLength ?? 0);
        if (!canHaveBody)
            return (null, body);

        try
        {
            PipeReader reader = request.BodyReader;
            while (true)
            {
                ReadResult result = await reader.ReadAsync();
                ReadOnlySequence<byte> received = result.Buffer;
                bool isTooLarge = body._end - body._bodyStart + received.Length > mostBytes;
                if (!isTooLarge)
                    body.Append(received);
                reader.AdvanceTo(received.End);
                if (isTooLarge)
                    return (TooLarge(mostBytes), body);
                if (result.IsCompleted || result.IsCanceled)
                    return (null, body);
            }
        }
        catch (IOException fault) when (fault.InnerException is OverflowException)
        {
            // The server tells all other broken bodies by a BadHttpRequestException.
            return (new Problem(ErrorCatalogue.BadRequest) { Detail = "The size of a chunk is too large to be one." }, body);
        }
    }

    public readonly void Return()
    {
        if (_buffer is not null)
            ArrayPool<byte>.Shared.Return(_buffer);
    }

    private static Problem? Refuse(HttpContext context, int mostBytes)
    {
        HttpRequest request = context.Request;
        if (request.ContentLength > mostBytes)
            return TooLarge(mostBytes);
        if (mostBytes == 0 || !CanHaveBody(context))
            return null;
        return !IsPlainJson(request.ContentType) || request.Headers.ContentEncoding.Count > 0
            ? new Problem(ErrorCatalogue.UnsupportedMediaType)
            : null;
    }

    private static Problem TooLarge(int mostBytes) => mostBytes == 0
        ? new Problem(ErrorCatalogue.UnexpectedBody)
        : new Problem(ErrorCatalogue.BodyTooLarge) { Limit = mostBytes.ToString(CultureInfo.InvariantCulture) };

    private static bool CanHaveBody(HttpContext context) =>
        context.Request.ContentLength is > 0
        || (context.Request.ContentLength is null && context.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: true });

    private static bool IsPlainJson(string? contentType)
    {
        const string json = "application/json";
        if (contentType is null || !contentType.StartsWith(json, StringComparison.OrdinalIgnoreCase))
            return false;
        ReadOnlySpan<char> rest = contentType.AsSpan(json.Length).Trim();
        return rest.IsEmpty
            || (rest[0] == ';' && rest[1..].Trim().Equals("charset=utf-8", StringComparison.OrdinalIgnoreCase));
    }

    private void Begin(HttpRequest request, bool canHaveBody, long contentLength)
    {
        if (!Authenticator.IsSigned(request.Headers))
        {
            if (canHaveBody)
                _buffer = ArrayPool<byte>.Shared.Rent((int)contentLength + 256);
            return;
        }

        string timestamp = request.Headers[Authenticator.TimestampHeader].ToString();
        string target = RequestTarget.PathAndQuery(request.HttpContext);
        int most = timestamp.Length + request.Method.Length + target.Length + 3;
        _buffer = ArrayPool<byte>.Shared.Rent(most + (int)contentLength + 256);
        AppendLine(timestamp);
        AppendLine(request.Method);
        AppendLine(target);
        _bodyStart = _end;
    }

    private void AppendLine(string text)
    {
        // Latin 1 keeps one byte a character, so the room taken is the room reckoned.
        _end += Encoding.Latin1.GetBytes(text, _buffer.AsSpan(_end));
        _buffer![_end++] = (byte)'\n';
    }

    private void Append(in ReadOnlySequence<byte> received)
    {
        int length = (int)received.Length;
        if (_buffer!.Length - _end < length)
        {
            byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(_buffer.Length * 2, _end + length));
            _buffer.AsSpan(0, _end).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }

        received.CopyTo(_buffer.AsSpan(_end));
        _end += length;
    }
}
