// AKS: a small pool for the cluster's own, one tuned for engines, one for edges; and the registry that images come from.
param name string
param location string
param zones array
param subnetId string
param engineNodes int
param engineSize string
param edgeNodes int
param edgeSize string
param dataCollectionRuleId string

// What pods may set of their own network: overlays/production does.
var podSysctls = [
  'net.core.somaxconn'
  'net.ipv4.tcp_max_syn_backlog'
  'net.ipv4.tcp_slow_start_after_idle'
  'net.ipv4.tcp_retries2'
]

resource registry 'Microsoft.ContainerRegistry/registries@2023-07-01' = {
  name: name
  location: location
  sku: {
    name: 'Premium'
  }
  properties: {
    adminUserEnabled: false
    zoneRedundancy: 'Enabled'
  }
}

resource cluster 'Microsoft.ContainerService/managedClusters@2024-09-01' = {
  name: name
  location: location
  sku: {
    name: 'Base'
    tier: 'Standard'
  }
  identity: {
    type: 'SystemAssigned'
  }
  properties: {
    dnsPrefix: name
    // Network policies are enforced, and addresses of pods do not come out of the network's.
    networkProfile: {
      networkPlugin: 'azure'
      networkPluginMode: 'overlay'
      networkDataplane: 'cilium'
      networkPolicy: 'cilium'
      podCidr: '10.244.0.0/16'
      serviceCidr: '10.2.0.0/16'
      dnsServiceIP: '10.2.0.10'
    }
    oidcIssuerProfile: {
      enabled: true
    }
    securityProfile: {
      workloadIdentity: {
        enabled: true
      }
    }
    azureMonitorProfile: {
      metrics: {
        enabled: true
      }
    }
    ingressProfile: {
      webAppRouting: {
        enabled: true
      }
    }
    addonProfiles: {
      azureKeyvaultSecretsProvider: {
        enabled: true
        config: {
          enableSecretRotation: 'true'
        }
      }
    }
    autoUpgradeProfile: {
      // Nodes are replaced one by one, within the disruption budgets, when somebody says so.
      upgradeChannel: 'none'
      nodeOSUpgradeChannel: 'None'
    }
    agentPoolProfiles: [
      {
        name: 'system'
        mode: 'System'
        count: 3
        vmSize: 'Standard_D2ads_v5'
        osSKU: 'Ubuntu'
        availabilityZones: zones
        vnetSubnetID: subnetId
        nodeTaints: ['CriticalAddonsOnly=true:NoSchedule']
      }
    ]
  }
}

// Each value, its reason and how it is verified: infra/host-tuning/README.md. What AKS cannot set, its component does.
resource engine 'Microsoft.ContainerService/managedClusters/agentPools@2024-09-01' = {
  parent: cluster
  name: 'engine'
  properties: {
    mode: 'User'
    count: engineNodes
    vmSize: engineSize
    osSKU: 'Ubuntu'
    osDiskType: 'Ephemeral'
    kubeletDiskType: 'OS'
    availabilityZones: zones
    vnetSubnetID: subnetId
    nodeLabels: {
      'exchange/role': 'engine'
    }
    nodeTaints: ['exchange/role=engine:NoSchedule']
    upgradeSettings: {
      maxSurge: '1'
      // A node is drained in the time that an engine may take to hand its grains over, and some.
      drainTimeoutInMinutes: 10
    }
    kubeletConfig: {
      cpuManagerPolicy: 'static'
      topologyManagerPolicy: 'single-numa-node'
      cpuCfsQuota: false
      allowedUnsafeSysctls: podSysctls
    }
    linuxOSConfig: {
      transparentHugePageEnabled: 'madvise'
      transparentHugePageDefrag: 'madvise'
      sysctls: {
        vmSwappiness: 1
        fsNrOpen: 1048576
        netCoreSomaxconn: 4096
        netCoreNetdevMaxBacklog: 4096
        netIpv4TcpMaxSynBacklog: 4096
      }
    }
  }
}

resource edge 'Microsoft.ContainerService/managedClusters/agentPools@2024-09-01' = {
  parent: cluster
  name: 'edge'
  properties: {
    mode: 'User'
    count: edgeNodes
    vmSize: edgeSize
    osSKU: 'Ubuntu'
    osDiskType: 'Ephemeral'
    availabilityZones: zones
    vnetSubnetID: subnetId
    nodeLabels: {
      'exchange/role': 'edge'
    }
    kubeletConfig: {
      allowedUnsafeSysctls: podSysctls
    }
    linuxOSConfig: {
      sysctls: {
        fsNrOpen: 1048576
        netCoreSomaxconn: 4096
        netCoreNetdevMaxBacklog: 4096
        netIpv4TcpMaxSynBacklog: 4096
      }
    }
  }
}

// Nodes pull images with their own identity.
resource pull 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(registry.id, cluster.id, 'AcrPull')
  scope: registry
  properties: {
    principalId: cluster.properties.identityProfile.kubeletidentity.objectId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '7f951dda-4ed3-4680-a7ca-43fe172d538d')
  }
}

resource collect 'Microsoft.Insights/dataCollectionRuleAssociations@2023-03-11' = {
  name: 'prometheus'
  scope: cluster
  properties: {
    dataCollectionRuleId: dataCollectionRuleId
  }
}

output clusterName string = cluster.name
output issuerUrl string = cluster.properties.oidcIssuerProfile.issuerURL
output ingressIdentityId string = cluster.properties.ingressProfile.webAppRouting.identity.objectId
output registry string = registry.properties.loginServer
