// Azure's Prometheus and Grafana, and where alerts go.
param name string
param location string
param alertMail string

resource workspace 'Microsoft.Monitor/accounts@2023-04-03' = {
  name: name
  location: location
}

resource collection 'Microsoft.Insights/dataCollectionEndpoints@2023-03-11' = {
  name: '${name}-prometheus'
  location: location
  kind: 'Linux'
  properties: {}
}

resource rule 'Microsoft.Insights/dataCollectionRules@2023-03-11' = {
  name: '${name}-prometheus'
  location: location
  kind: 'Linux'
  properties: {
    dataCollectionEndpointId: collection.id
    dataSources: {
      prometheusForwarder: [
        {
          name: 'prometheus'
          streams: ['Microsoft-PrometheusMetrics']
          labelIncludeFilter: {}
        }
      ]
    }
    destinations: {
      monitoringAccounts: [
        {
          name: 'workspace'
          accountResourceId: workspace.id
        }
      ]
    }
    dataFlows: [
      {
        streams: ['Microsoft-PrometheusMetrics']
        destinations: ['workspace']
      }
    ]
  }
}

resource grafanaSite 'Microsoft.Dashboard/grafana@2023-09-01' = {
  name: name
  location: location
  sku: {
    name: 'Standard'
  }
  identity: {
    type: 'SystemAssigned'
  }
  properties: {
    grafanaIntegrations: {
      azureMonitorWorkspaceIntegrations: [
        {
          azureMonitorWorkspaceResourceId: workspace.id
        }
      ]
    }
  }
}

// Grafana reads what Prometheus has (Monitoring Data Reader).
resource read 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(workspace.id, grafanaSite.id, 'Monitoring Data Reader')
  scope: workspace
  properties: {
    principalId: grafanaSite.identity.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'b0d8363b-8ddd-447d-831f-62ca05bff136')
  }
}

resource actions 'Microsoft.Insights/actionGroups@2023-01-01' = {
  name: '${name}-operators'
  location: 'global'
  properties: {
    enabled: true
    groupShortName: take(name, 12)
    emailReceivers: [
      {
        name: 'operators'
        emailAddress: alertMail
        useCommonAlertSchema: true
      }
    ]
  }
}

output workspaceId string = workspace.id
output dataCollectionRuleId string = rule.id
output actionGroupId string = actions.id
output grafana string = grafanaSite.properties.endpoint
