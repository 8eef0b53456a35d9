// Everything that overlays/production of infra/kubernetes runs on, in one resource group:
//   az deployment group create -g exchange -f infra/azure/main.bicep -p infra/azure/main.bicepparam
targetScope = 'resourceGroup'

@description('Begins the name of everything; some of these names are worldwide.')
@minLength(3)
@maxLength(16)
param name string = 'exchange'

param location string = resourceGroup().location

@description('Zones that nodes and the database are spread over.')
param zones array = ['1', '2', '3']

@description('Engine nodes: one silo each, and one to spare while a node is replaced.')
@minValue(3)
param engineNodes int = 4

@description('Machines of the engine nodes: whole processors to be pinned, local disks, accelerated networking.')
param engineSize string = 'Standard_D8ads_v5'

param edgeNodes int = 3
param edgeSize string = 'Standard_D4ads_v5'

@description('Machines of the database. Its log is what every order waits for: take memory and a quick disk before processors.')
param databaseSize string = 'Standard_E8ds_v5'

@secure()
@description('Of the database\'s administrator and owner; it is kept in the key vault.')
param databasePassword string

@description('Who may read and write the secrets of the key vault: the object id of a person or a group.')
param secretsOfficer string

@description('Where alerts go.')
param alertMail string

module network 'network.bicep' = {
  name: 'network'
  params: {
    name: name
    location: location
  }
}

module monitoring 'monitoring.bicep' = {
  name: 'monitoring'
  params: {
    name: name
    location: location
    alertMail: alertMail
  }
}

module cluster 'cluster.bicep' = {
  name: 'cluster'
  params: {
    name: name
    location: location
    zones: zones
    subnetId: network.outputs.nodesSubnetId
    engineNodes: engineNodes
    engineSize: engineSize
    edgeNodes: edgeNodes
    edgeSize: edgeSize
    dataCollectionRuleId: monitoring.outputs.dataCollectionRuleId
  }
}

module alerts 'alerts.bicep' = {
  name: 'alerts'
  params: {
    location: location
    workspaceId: monitoring.outputs.workspaceId
    clusterName: cluster.outputs.clusterName
    actionGroupId: monitoring.outputs.actionGroupId
  }
}

module database 'database.bicep' = {
  name: 'database'
  params: {
    name: name
    location: location
    zones: zones
    size: databaseSize
    subnetId: network.outputs.databaseSubnetId
    networkId: network.outputs.networkId
    password: databasePassword
  }
}

module cache 'cache.bicep' = {
  name: 'cache'
  params: {
    name: name
    location: location
    subnetId: network.outputs.cacheSubnetId
    networkId: network.outputs.networkId
  }
}

module secrets 'secrets.bicep' = {
  name: 'secrets'
  params: {
    name: name
    location: location
    issuerUrl: cluster.outputs.issuerUrl
    ingressIdentityId: cluster.outputs.ingressIdentityId
    secretsOfficer: secretsOfficer
    databasePassword: databasePassword
  }
}

// What overlays/production/azure.env wants, by the same names.
output clientId string = secrets.outputs.clientId
output tenantId string = tenant().tenantId
output keyVaultName string = secrets.outputs.keyVaultName
output certificateUri string = secrets.outputs.certificateUri

// What overlays/production/settings.env and `kustomize edit set image` want.
output database string = database.outputs.connectionString
output registry string = cluster.outputs.registry
output cacheHost string = cache.outputs.host
output clusterName string = cluster.outputs.clusterName
output grafana string = monitoring.outputs.grafana
