// The journal: PostgreSQL with a copy in another zone that has every commit before it is acknowledged.
param name string
param location string
param zones array
param size string
param subnetId string
param networkId string
@secure()
param password string

var owner = 'exchange'

resource dns 'Microsoft.Network/privateDnsZones@2024-06-01' = {
  name: '${name}.private.postgres.database.azure.com'
  location: 'global'

  resource link 'virtualNetworkLinks' = {
    name: 'network'
    location: 'global'
    properties: {
      registrationEnabled: false
      virtualNetwork: {
        id: networkId
      }
    }
  }
}

resource server 'Microsoft.DBforPostgreSQL/flexibleServers@2024-08-01' = {
  name: name
  location: location
  sku: {
    name: size
    tier: 'MemoryOptimized'
  }
  properties: {
    version: '17'
    administratorLogin: owner
    administratorLoginPassword: password
    availabilityZone: zones[0]
    highAvailability: {
      mode: 'ZoneRedundant'
      standbyAvailabilityZone: zones[1]
    }
    storage: {
      storageSizeGB: 512
      tier: 'P40'
      autoGrow: 'Enabled'
    }
    backup: {
      backupRetentionDays: 35
      geoRedundantBackup: 'Enabled'
    }
    network: {
      delegatedSubnetResourceId: subnetId
      privateDnsZoneArmResourceId: dns.id
      publicNetworkAccess: 'Disabled'
    }
  }
  dependsOn: [dns::link]

  resource exchange 'databases' = {
    name: 'exchange'
  }
}

// As docs/operations.md asks for, and why; in MB and seconds.
var settings = [
  { name: 'min_wal_size', value: '2048' }
  { name: 'max_wal_size', value: '8192' }
  { name: 'checkpoint_timeout', value: '900' }
  { name: 'azure.extensions', value: 'TIMESCALEDB' }
  { name: 'shared_preload_libraries', value: 'timescaledb' }
]

// One at a time: the server takes no two changes at once.
@batchSize(1)
resource setting 'Microsoft.DBforPostgreSQL/flexibleServers/configurations@2024-08-01' = [for one in settings: {
  parent: server
  name: one.name
  properties: {
    value: one.value
    source: 'user-override'
  }
}]

output connectionString string = 'Host=${server.properties.fullyQualifiedDomainName};Username=${owner};Database=exchange;SSL Mode=VerifyFull'
