/** Where to find the values of the connection fields. */
const connection = `
1. Copy the addresses of the brokers into *Bootstrap servers*. Confluent Cloud shows them under *Cluster settings*, Amazon MSK under *View client information*.
`;

/** The permissions that a consumer needs. */
export const consumerInstructions = `${connection.trimEnd()}
2. Create the topic, if it does not exist.
3. If the cluster has access control lists, allow the user *Describe* and *Read* on the topic and *Read* on the consumer group:

\`\`\`bash
kafka-acls.sh --bootstrap-server <broker> --add --allow-principal User:<user> --consumer --topic <topic> --group <group>
\`\`\`
`;

/** The permissions that a producer needs. */
export const producerInstructions = `${connection.trimEnd()}
2. Create the topic, if it does not exist.
3. If the cluster has access control lists, allow the user *Describe* and *Write* on the topic:

\`\`\`bash
kafka-acls.sh --bootstrap-server <broker> --add --allow-principal User:<user> --producer --topic <topic>
\`\`\`
`;
