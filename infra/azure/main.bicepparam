using 'main.bicep'

// From the environment: nothing secret stands in a file.
param databasePassword = readEnvironmentVariable('EXCHANGE_DATABASE_PASSWORD')
param secretsOfficer = readEnvironmentVariable('EXCHANGE_SECRETS_OFFICER')
param alertMail = readEnvironmentVariable('EXCHANGE_ALERT_MAIL')
