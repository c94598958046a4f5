import {
  type Icon,
  IconChartHistogram,
  IconCoins,
  IconKey,
  IconMailOff,
  IconPlugConnected,
  IconRobot,
  IconSend,
  IconSettings,
  IconTimeline,
} from '@tabler/icons-react';

/** A page in the navigation. */
interface Place {
  readonly path: string;
  readonly title: string;
  readonly icon: Icon;
}

export const places: readonly Place[] = [
  { path: '/', title: 'Overview', icon: IconChartHistogram },
  { path: '/agents', title: 'Agents', icon: IconRobot },
  { path: '/connectors', title: 'Connectors', icon: IconPlugConnected },
  { path: '/connections', title: 'Connections', icon: IconKey },
  { path: '/runs', title: 'Logs', icon: IconTimeline },
  { path: '/deliveries', title: 'Deliveries', icon: IconSend },
  { path: '/dead-letters', title: 'Dead letters', icon: IconMailOff },
  { path: '/budgets', title: 'Budgets', icon: IconCoins },
  { path: '/settings', title: 'Settings', icon: IconSettings },
];

/** Pages that the navigation reaches through another one. */
export const innerPlaces: readonly Pick<Place, 'path' | 'title'>[] = [
  { path: '/connectors/new', title: 'Create connector' },
  { path: '/connectors-as-code', title: 'Connectors as code' },
  { path: '/triggers', title: 'Triggers' },
  { path: '/refused-requests', title: 'Refused requests' },
];
