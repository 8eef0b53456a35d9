using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.ObjectPool;

namespace Exchange.Edge.Json;

/// <summary>A buffer with its JSON writer, reused from response to response.</summary>
internal sealed class Answer : IDisposable
{
    public Answer()
    {
        Buffer = new ArrayBufferWriter<byte>(2_048);
        // The bodies are JSON for programs, never pasted into HTML: the relaxed escaping keeps sentences readable.
        Json = new Utf8JsonWriter(Buffer, new JsonWriterOptions { SkipValidation = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
    }

    public ArrayBufferWriter<byte> Buffer { get; }

    public Utf8JsonWriter Json { get; }

    public void Reset()
    {
        Buffer.ResetWrittenCount();
        Json.Reset(Buffer);
    }

    public void Dispose() => Json.Dispose();
}

/// <summary>The pool of answers, and the one way a JSON body leaves.</summary>
internal sealed class AnswerPool
{
    /// <summary>Larger buffers are left to the collector, so that one large answer does not stay for ever.</summary>
    private const int LargestKeptBytes = 256 * 1_024;

    private readonly DefaultObjectPool<Answer> _pool = new(new Policy(), maximumRetained: 256);

    public Answer Rent() => _pool.Get();

    public void Return(Answer answer) => _pool.Return(answer);

    /// <summary>Puts the finished JSON into the response, with its length, and takes the buffer back.</summary>
    public void Send(Answer answer, HttpResponse response)
    {
        answer.Json.Flush();
        ReadOnlySpan<byte> body = answer.Buffer.WrittenSpan;
        response.ContentLength = body.Length;
        response.BodyWriter.Write(body);   // The server flushes when the handler is done.
        _pool.Return(answer);
    }

    private sealed class Policy : PooledObjectPolicy<Answer>
    {
        public override Answer Create() => new();

        public override bool Return(Answer obj)
        {
            if (obj.Buffer.Capacity > LargestKeptBytes)
                return false;
            obj.Reset();
            return true;
        }
    }
}
