import { connectToBus } from './bus-peer.ts';
import type { BusValue } from './bus-peer.ts';
import { happenings } from './happening.ts';
import type { Happenings } from './happening.ts';

/** A notification that an app showed. */
export interface ShownNotification {
  readonly id: number;
  readonly app: string;
  readonly title: string;
  readonly body: string;
  /** Action key -> label; `default` is the click on the notification itself. */
  readonly actions: Readonly<Record<string, string>>;
  /** `low`, `normal` or `critical`. */
  readonly urgency: 'low' | 'normal' | 'critical';
  /** Id of the notification that it replaces; 0 for none. */
  readonly replaces: number;
}

/** The part of a desktop that shows notifications. */
export interface NotificationDaemon {
  /** Every notification shown so far. */
  readonly shown: Happenings<ShownNotification>;
  /** Ids that the app itself closed. */
  readonly closedByApp: Happenings<number>;
  /** Clicks a notification, or one of its buttons. Throws when it has no such action. */
  click(notification: ShownNotification, action?: string): void;
  /** Dismisses it, as a person does with its close button. */
  dismiss(notification: ShownNotification): void;
  close(): void;
}

const NAME = 'org.freedesktop.Notifications';
const OBJECT = { path: '/org/freedesktop/Notifications', interface: NAME } as const;
const CAPABILITIES = ['actions', 'body', 'persistence'];
const URGENCIES = ['low', 'normal', 'critical'] as const;
/** Why a notification went away, in the words of the desktop notifications specification. */
const DISMISSED_BY_USER = 2;
const CLOSED_BY_CALL = 3;

/**
 * Becomes the notification daemon of a session bus.
 * @param address of the bus
 */
export async function startNotificationDaemon(address: string): Promise<NotificationDaemon> {
  const peer = await connectToBus(address);
  const shown = happenings<ShownNotification>();
  const closedByApp = happenings<number>();
  let lastId = 0;
  const goAway = (id: number, reason: number): void =>
    peer.emit(OBJECT, 'NotificationClosed', 'uu', [id, reason]);
  peer.serve({
    ...OBJECT,
    methods: {
      GetCapabilities: { answers: 'as', run: () => [CAPABILITIES] },
      GetServerInformation: {
        answers: 'ssss',
        run: () => ['session-log-harness', 'Session Log', '1', '1.2'],
      },
      Notify: {
        answers: 'u',
        run: (args) => {
          const replaces = Number(args[1]);
          const id = replaces === 0 ? (lastId += 1) : replaces;
          shown.add({ ...described(args), id, replaces });
          return [id];
        },
      },
      CloseNotification: {
        answers: '',
        run: ([id]) => {
          closedByApp.add(Number(id));
          goAway(Number(id), CLOSED_BY_CALL);
          return [];
        },
      },
    },
    properties: {},
  });
  await peer.own(NAME);
  return {
    shown,
    closedByApp,
    click: (notification, action = 'default') => {
      if (!Object.hasOwn(notification.actions, action)) {
        throw new Error(`the notification "${notification.title}" has no action "${action}"`);
      }
      peer.emit(OBJECT, 'ActionInvoked', 'us', [notification.id, action]);
      goAway(notification.id, DISMISSED_BY_USER);
    },
    dismiss: (notification) => goAway(notification.id, DISMISSED_BY_USER),
    close: () => peer.close(),
  };
}

/** Names the arguments of a Notify call. */
function described(args: readonly BusValue[]): Omit<ShownNotification, 'id' | 'replaces'> {
  const [app, , , title, body, actions, hints] = args;
  const keys = actions as string[];
  const pairs = keys.flatMap((key, index) =>
    index % 2 === 0 ? [[key, keys[index + 1] ?? ''] as const] : [],
  );
  const urgency = Number((hints as Record<string, BusValue>)['urgency'] ?? 1);
  return {
    app: String(app),
    title: String(title),
    body: String(body),
    actions: Object.fromEntries(pairs),
    urgency: URGENCIES[urgency] ?? 'normal',
  };
}
