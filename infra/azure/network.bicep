// One network; its subnets are named by the network policies of overlays/production too.
param name string
param location string

resource network 'Microsoft.Network/virtualNetworks@2024-05-01' = {
  name: name
  location: location
  properties: {
    addressSpace: {
      addressPrefixes: ['10.1.0.0/16']
    }
    subnets: [
      {
        name: 'nodes'
        properties: {
          addressPrefix: '10.1.0.0/20'
        }
      }
      {
        name: 'database'
        properties: {
          addressPrefix: '10.1.16.0/24'
          delegations: [
            {
              name: 'postgres'
              properties: {
                serviceName: 'Microsoft.DBforPostgreSQL/flexibleServers'
              }
            }
          ]
        }
      }
      {
        name: 'cache'
        properties: {
          addressPrefix: '10.1.17.0/24'
        }
      }
    ]
  }
}

output networkId string = network.id
output nodesSubnetId string = '${network.id}/subnets/nodes'
output databaseSubnetId string = '${network.id}/subnets/database'
output cacheSubnetId string = '${network.id}/subnets/cache'
