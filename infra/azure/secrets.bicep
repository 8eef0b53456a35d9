// The key vault, and the identity by which the silos' pods read it. The master key is put there by hand (infra/README.md): it
// is made once, for the life of the venue, and belongs into no deployment.
param name string
param location string
param issuerUrl string
param ingressIdentityId string
param secretsOfficer string
@secure()
param databasePassword string

var secretsUser = '4633458b-17de-408a-b874-0445c86b69e6'
var officer = 'b86a8fe4-44ce-4948-aee5-eccb2c155cd7'
var certificateUser = 'db79e9a7-68ee-4b58-9aeb-b90e7c24fcba'

resource vault 'Microsoft.KeyVault/vaults@2023-07-01' = {
  name: name
  location: location
  properties: {
    tenantId: tenant().tenantId
    sku: {
      family: 'A'
      name: 'standard'
    }
    enableRbacAuthorization: true
    enablePurgeProtection: true
    softDeleteRetentionInDays: 90
  }

  resource password 'secrets' = {
    name: 'postgres-password'
    properties: {
      value: databasePassword
    }
  }
}

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: '${name}-silo'
  location: location

  // Only pods of this service account in this namespace of this cluster.
  resource silos 'federatedIdentityCredentials' = {
    name: 'silos'
    properties: {
      issuer: issuerUrl
      subject: 'system:serviceaccount:exchange:exchange-silo'
      audiences: ['api://AzureADTokenExchange']
    }
  }
}

resource silosRead 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(vault.id, identity.id, secretsUser)
  scope: vault
  properties: {
    principalId: identity.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', secretsUser)
  }
}

resource ingressReads 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(vault.id, name, certificateUser)
  scope: vault
  properties: {
    principalId: ingressIdentityId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', certificateUser)
  }
}

resource officers 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(vault.id, secretsOfficer, officer)
  scope: vault
  properties: {
    principalId: secretsOfficer
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', officer)
  }
}

output clientId string = identity.properties.clientId
output keyVaultName string = vault.name
output certificateUri string = '${vault.properties.vaultUri}certificates/exchange'
