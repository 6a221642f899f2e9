import { once } from 'node:events';
import dbus from 'dbus-next';
import type { Message as BusMessage } from 'dbus-next';

const { Message, MessageType, sessionBus, Variant } = dbus;

/** A plain value of the bus: variants are opened, structures are arrays, dictionaries are records. */
export type BusValue = unknown;

/** One method that a peer offers. */
export interface BusMethod {
  /** Signature of what it answers, such as `u`; empty for nothing. */
  readonly answers: string;
  /** @param args opened values; @param sender unique name of the caller; @returns the answer's values */
  run(args: readonly BusValue[], sender: string): readonly BusValue[];
}

/** A property that a peer offers. */
export interface BusProperty {
  readonly signature: string;
  readonly value: BusValue;
}

/** What a peer offers on one interface of one object. */
export interface BusObject {
  readonly path: string;
  readonly interface: string;
  readonly methods: Readonly<Record<string, BusMethod>>;
  readonly properties: Readonly<Record<string, BusProperty>>;
}

/** Where a call goes. */
export interface BusTarget {
  readonly destination: string;
  readonly path: string;
  readonly interface: string;
}

/** A signal that arrived. */
export interface BusSignal {
  readonly sender: string;
  readonly path: string;
  readonly interface: string;
  readonly member: string;
  readonly args: readonly BusValue[];
}

/** One connection to a message bus. */
export interface BusPeer {
  /** Takes a well-known name. Throws when another peer owns it. */
  own(name: string): Promise<void>;
  /** Answers calls and reads of properties. */
  serve(object: BusObject): void;
  /** Calls a method and gives the opened values of its answer. Rejects with the bus's error. */
  call(
    target: BusTarget,
    member: string,
    signature?: string,
    args?: readonly BusValue[],
  ): Promise<readonly BusValue[]>;
  /** Sends a signal to everybody. */
  emit(
    object: Pick<BusObject, 'path' | 'interface'>,
    member: string,
    signature: string,
    args: readonly BusValue[],
  ): void;
  /** Hears the signals of an interface, whoever sends them. */
  listen(interfaceName: string, listener: (signal: BusSignal) => void): Promise<void>;
  close(): void;
}

const PROPERTIES = 'org.freedesktop.DBus.Properties';

/**
 * Opens variants, so that a caller sees values alone.
 * @param value as dbus-next gives it
 */
export function opened(value: BusValue): BusValue {
  if (value instanceof Variant) return opened(value.value);
  if (Buffer.isBuffer(value)) return value;
  if (Array.isArray(value)) return value.map(opened);
  if (value !== null && typeof value === 'object') {
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, opened(inner)]));
  }
  return value;
}

/**
 * Wraps a value that travels as a variant.
 * @param signature of the value
 */
export function variant(signature: string, value: BusValue): BusValue {
  return new Variant(signature, value);
}

/** Answers one call from what the peer offers; undefined where it offers no such thing. */
function answerTo(
  message: BusMessage,
  objects: readonly BusObject[],
): readonly [string, readonly BusValue[]] | undefined {
  const here = objects.filter(({ path }) => path === message.path);
  if (message.interface === PROPERTIES) {
    const [wanted, name] = message.body as string[];
    const properties = here.find((object) => object.interface === wanted)?.properties;
    if (properties === undefined) return undefined;
    const wrapped = ({ signature, value }: BusProperty): BusValue => variant(signature, value);
    if (message.member === 'GetAll') {
      const all = Object.entries(properties).map(([key, property]) => [key, wrapped(property)]);
      return ['a{sv}', [Object.fromEntries(all)]];
    }
    const property = message.member === 'Get' && name !== undefined ? properties[name] : undefined;
    return property && ['v', [wrapped(property)]];
  }
  const method = here.find((object) => object.interface === message.interface)?.methods[message.member];
  return method && [method.answers, method.run(message.body.map(opened), message.sender)];
}

/**
 * Connects to a bus.
 * @param address such as `unix:path=/tmp/…/bus`
 * @throws Error when nothing answers there
 */
export async function connectToBus(address: string): Promise<BusPeer> {
  const bus = sessionBus({ busAddress: address });
  await once(bus, 'connect');
  // What breaks after the connection stands, breaks the calls under way; a bus that stops is not news of its own.
  bus.on('error', () => undefined);
  const objects: BusObject[] = [];
  bus.addMethodHandler((message: BusMessage): boolean => {
    const answer = answerTo(message, objects);
    if (answer === undefined) return false;
    bus.send(Message.newMethodReturn(message, answer[0], [...answer[1]]));
    return true;
  });
  const call: BusPeer['call'] = async (target, member, signature = '', args = []) => {
    const reply = await bus.call(new Message({ ...target, member, signature, body: [...args] }));
    return (reply?.body ?? []).map(opened);
  };
  return {
    own: async (name) => {
      const [taken] = await call(BUS, 'RequestName', 'su', [name, DO_NOT_QUEUE]);
      if (taken !== PRIMARY_OWNER) throw new Error(`${name} belongs to another peer of this bus`);
    },
    serve: (object) => {
      objects.push(object);
    },
    call,
    emit: (object, member, signature, args) => {
      bus.send(Message.newSignal(object.path, object.interface, member, signature, [...args]));
    },
    listen: async (interfaceName, listener) => {
      bus.on('message', (message) => {
        if (message.type !== MessageType.SIGNAL || message.interface !== interfaceName) return;
        const { sender, path, member } = message;
        listener({ sender, path, interface: interfaceName, member, args: message.body.map(opened) });
      });
      await call(BUS, 'AddMatch', 's', [`type='signal',interface='${interfaceName}'`]);
    },
    close: () => {
      bus.disconnect();
    },
  };
}

const BUS: BusTarget = {
  destination: 'org.freedesktop.DBus',
  path: '/org/freedesktop/DBus',
  interface: 'org.freedesktop.DBus',
};
const DO_NOT_QUEUE = 4;
const PRIMARY_OWNER = 1;
