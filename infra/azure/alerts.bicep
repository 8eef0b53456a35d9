// The rules of infra/monitoring/alerts.yaml, as Azure's Prometheus takes them: one file for all.
param location string
param workspaceId string
param clusterName string
param actionGroupId string

var groups = loadYamlContent('../monitoring/alerts.yaml').groups

// Of Azure: 0 is the worst.
var severities = {
  critical: 1
  warning: 2
}

resource group 'Microsoft.AlertsManagement/prometheusRuleGroups@2023-03-01' = [for one in groups: {
  name: one.name
  location: location
  properties: {
    clusterName: clusterName
    scopes: [workspaceId]
    interval: 'PT1M'
    rules: [for rule in one.rules: {
      alert: rule.alert
      expression: rule.expr
      // 5m is PT5M there.
      for: 'PT${toUpper(rule.for)}'
      severity: severities[rule.labels.severity]
      labels: rule.labels
      annotations: rule.annotations
      actions: [
        {
          actionGroupId: actionGroupId
        }
      ]
    }]
  }
}]
