using Exchange.Core.Orders;
using Exchange.Core.Wire;

namespace Exchange.Core.Marks;

/// <content>Snapshot, restoring and state hash. The instrument is not in it: the host lists it first.</content>
public sealed partial class Mark
{
    private static readonly uint Tag = SnapshotTag.Of("MARK");

    public void Write(SnapshotWriter writer)
    {
        writer.BeginSection(Tag);
        writer.Write(_timeMs);
        writer.Write(_indexE8);
        writer.Write(_indexTimeMs);
        writer.Write(_hasPostedIndex);
        writer.Write((byte)_state);
        writer.Write(_lastSample);
        writer.Write(_lastTicks);
        writer.Write(_markTicks);
        writer.Write(_markSecond);
        writer.Write(_markNumber);
        writer.WriteStruct(in _gap);
        writer.Write(_nextFundingMs);
        writer.Write(_lastRateE8);
        writer.Write(_waitingRoundMs);
        writer.WriteStruct(in _lastRound);
        _premiums.Write(writer);
        _basis.Write(writer);
        Alarms.Write(writer);
        writer.EndSection();
    }

    /// <summary>Restores a fresh machine.</summary>
    public void Read(SnapshotReader reader)
    {
        Invariant.Holds(_timeMs == 0);
        reader.BeginSection(Tag);
        _timeMs = reader.ReadInt64();
        _indexE8 = reader.ReadInt64();
        _indexTimeMs = reader.ReadInt64();
        _hasPostedIndex = reader.ReadBool();
        _state = (TradingState)reader.ReadByte();
        _lastSample = reader.ReadUInt64();
        _lastTicks = reader.ReadInt64();
        _markTicks = reader.ReadInt64();
        _markSecond = reader.ReadInt64();
        _markNumber = reader.ReadUInt64();
        _gap = reader.ReadStruct<MarkGap>();
        _nextFundingMs = reader.ReadInt64();
        _lastRateE8 = reader.ReadInt64();
        _waitingRoundMs = reader.ReadInt64();
        _lastRound = reader.ReadStruct<FundingRound>();
        _premiums = PremiumAverage.Read(reader);
        _basis.Read(reader);
        Alarms.Read(reader);
        reader.EndSection();
    }

    public ulong StateHash()
    {
        StateHasher hasher = StateHasher.Create();
        AddTo(ref hasher);
        return hasher.Value;
    }

    public void AddTo(ref StateHasher hasher)
    {
        Instrument.AddTo(ref hasher);
        hasher.Add(_timeMs);
        hasher.Add(_indexE8);
        hasher.Add(_indexTimeMs);
        hasher.Add(_hasPostedIndex);
        hasher.Add((ulong)_state);
        hasher.Add(_lastSample);
        hasher.Add(_lastTicks);
        hasher.Add(_markTicks);
        hasher.Add(_markSecond);
        hasher.Add(_markNumber);
        hasher.Add(_gap.LastTicks);
        hasher.Add(_gap.BeforeTicks);
        hasher.Add(_nextFundingMs);
        hasher.Add(_lastRateE8);
        hasher.Add(_waitingRoundMs);
        hasher.Add(_lastRound.Id);
        hasher.Add(_lastRound.RateE8);
        hasher.Add(_lastRound.MarkTicks);
        _premiums.AddTo(ref hasher);
        _basis.AddTo(ref hasher);
        Alarms.AddTo(ref hasher);
    }
}
