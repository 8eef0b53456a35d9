namespace Exchange.Silo.Hosting;

/// <summary>Where silos find each other.</summary>
public enum SiloClustering
{
    /// <summary>In the silo's database.</summary>
    Database = 0,

    /// <summary>In a Redis of its own; everything else stays in the database.</summary>
    Redis = 1,
}
