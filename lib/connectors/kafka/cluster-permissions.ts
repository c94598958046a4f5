import { Fn } from 'aws-cdk-lib';
import type { Permission } from '../../functions/permissions.ts';

/** Topics and groups are named by their cluster. */
type ClusterPart = 'topic' | 'group';

/** ARNs of all that clusters have of a kind; a cluster's own may be known at deploy time only. */
export function withinClusters(clusterArns: readonly string[], kind: ClusterPart): string[] {
  return clusterArns.map((arn) => {
    const [home, cluster] = Fn.split(':cluster/', arn, 2);
    return `${home}:${kind}/${cluster}/*`;
  });
}

/** Actions of `kafka-cluster` by what they are on. */
interface ClusterActions {
  readonly cluster: readonly string[];
  readonly topic: readonly string[];
  readonly group?: readonly string[];
}

/** Finding the brokers of MSK clusters, and what a client that is known by its role may do there; nothing for none. */
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

/** What a producer that is known by its role does on clusters of MSK. */
export function writeTo(clusterArns: readonly string[]): Permission[] {
  return onClusters(clusterArns, {
    cluster: ['Connect', 'WriteDataIdempotently'],
    topic: ['DescribeTopic', 'WriteData'],
  });
}
