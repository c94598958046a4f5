import { Fn } from 'aws-cdk-lib';
import type { Permission } from '../../functions/permissions.ts';

/** The ARNs of topics and groups contain their cluster. */
type ClusterPart = 'topic' | 'group';

/** ARN patterns of all topics or groups of clusters. A cluster's own ARN may be a deploy-time token. */
export function withinClusters(clusterArns: readonly string[], kind: ClusterPart): string[] {
  return clusterArns.map((arn) => {
    const [home, cluster] = Fn.split(':cluster/', arn, 2);
    return `${home}:${kind}/${cluster}/*`;
  });
}

/** Actions of `kafka-cluster`, by resource type. */
interface ClusterActions {
  readonly cluster: readonly string[];
  readonly topic: readonly string[];
  readonly group?: readonly string[];
}

/**
 * Permissions to find the brokers of MSK clusters and to act on the clusters with IAM access control. Empty without
 * clusters.
 */
export function onClusters(
  clusterArns: readonly string[],
  { cluster, topic, group = [] }: ClusterActions,
): Permission[] {
  if (clusterArns.length === 0) return [];
  const named = (actions: readonly string[]) => actions.map((action) => `kafka-cluster:${action}`);
  const within = (kind: ClusterPart) => withinClusters(clusterArns, kind);
  const groups = group.length === 0 ? [] : [{ actions: named(group), resources: within('group') }];
  return [
    {
      actions: ['DescribeCluster', 'DescribeClusterV2', 'GetBootstrapBrokers'].map(
        (action) => `kafka:${action}`,
      ),
      resources: clusterArns,
    },
    { actions: named(cluster), resources: clusterArns },
    { actions: named(topic), resources: within('topic') },
    ...groups,
  ];
}

/** What a producer with IAM access control needs on MSK clusters. */
export function writeTo(clusterArns: readonly string[]): Permission[] {
  return onClusters(clusterArns, {
    cluster: ['Connect', 'WriteDataIdempotently'],
    topic: ['DescribeTopic', 'WriteData'],
  });
}
