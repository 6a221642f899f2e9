import { readdirSync, readFileSync, readlinkSync, realpathSync, existsSync } from 'node:fs';
import { arch, hostname, release } from 'node:os';
import { join } from 'node:path';
import type { HardwarePart, MachineFacts, MachineProbe } from '../../core/ports/machine-probe.ts';
import { hashPart, isPlaceholder, soundsVirtual } from './hash-part.ts';

/** Replacements for the real machine that {@link createLinuxProbe} accepts. */
export interface LinuxProbeDeps {
  /** Root of the file system to examine. */
  readonly root?: string;
  readonly hostname?: () => string;
  readonly arch?: string;
  readonly release?: string;
  /** The process's environment by default. */
  readonly env?: NodeJS.ProcessEnv;
}

/**
 * The components of a Linux machine, from files every user may read, so that root and a user get the same UUID (the SMBIOS serial
 * numbers are readable only by root, and so are not used). docs/identity.md says which components count where and why.
 */
export function createLinuxProbe(deps: LinuxProbeDeps = {}): MachineProbe {
  const host = deps.hostname ?? hostname;
  return { probe: async () => probeLinux(deps, host()), hostname: host };
}

function probeLinux(deps: LinuxProbeDeps, host: string): MachineFacts {
  const look = lookAt(deps.root ?? '/');
  const dmi = (name: string): string => plain(look.read(`/sys/class/dmi/id/${name}`));
  const cpuinfo = look.read('/proc/cpuinfo') ?? '';
  const model =
    words(dmi('sys_vendor'), dmi('product_name')) || plain(look.read('/proc/device-tree/model')) || 'unknown';
  const container = isContainer(look, deps.env ?? process.env);
  const virtual =
    /^flags\s*:.*\bhypervisor\b/m.test(cpuinfo) ||
    soundsVirtual(words(model, dmi('bios_vendor'), dmi('board_vendor'))) ||
    look.exists('/sys/hypervisor/type') ||
    look.exists('/proc/device-tree/hypervisor');

  const parts: HardwarePart[] = [];
  const add = (key: string, value: string | null): void => {
    if (value !== null && value !== '') parts.push({ key, value });
  };
  // In a container all of it is the host's, which other containers show as well.
  if (!container) add('mac_hash', hashed(macAddress(look, virtual)));
  if (!container && !virtual) {
    add('disk_hash', hashed(diskId(look)));
    add('board_serial_hash', hashed(boardSerial(look, cpuinfo)));
  }
  // Does not survive a reinstall, so it counts only where nothing does: a virtual machine's "hardware" is a file.
  if (parts.length === 0 || virtual) add('machine_id_hash', hashed(machineId(look)));
  add('cpu', /^model name\s*:\s*(.+)$/m.exec(cpuinfo)?.[1]?.trim() ?? deps.arch ?? arch());
  add('model', model);
  add('board', words(dmi('board_vendor'), dmi('board_name')));
  return {
    parts,
    problems: look.problems,
    hostname: host,
    platform: 'Linux',
    platformVersion: deps.release ?? release(),
    model,
  };
}

interface Look {
  read(path: string): string | null;
  names(path: string): readonly string[];
  exists(path: string): boolean;
  /** Target of a link, intermediate links resolved; empty when it is not one. */
  real(path: string): string;
  readonly problems: string[];
}

/** Absence is a result; refusal is a problem, because another user might be permitted and get another UUID. */
function lookAt(root: string): Look {
  const problems: string[] = [];
  const attempt = <T>(path: string, fallback: T, run: () => T): T => {
    try {
      return run();
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
      if (!['ENOENT', 'ENOTDIR', 'EINVAL', 'ENODEV', 'ENXIO', 'EOPNOTSUPP'].includes(code))
        problems.push(`${path}: ${code}`);
      return fallback;
    }
  };
  return {
    problems,
    read: (path) => attempt(path, null, () => readFileSync(join(root, path), 'utf8')),
    names: (path) => attempt<readonly string[]>(path, [], () => readdirSync(join(root, path)).sort()),
    exists: (path) => existsSync(join(root, path)),
    real: (path) => attempt(path, '', () => (readlinkSync(join(root, path)), realpathSync(join(root, path)))),
  };
}

/**
 * The address of the first network device that is part of the machine. Excludes virtual devices (without hardware), USB devices
 * (docks and sticks travel between machines), and addresses set by software, as by privacy settings and bonds; for Wi-Fi the
 * radio's permanent address is read, which random addresses do not change.
 */
function macAddress(look: Look, virtual: boolean): string | null {
  const found: { readonly place: string; readonly address: string }[] = [];
  for (const name of look.names('/sys/class/net')) {
    const folder = `/sys/class/net/${name}`;
    const place = look.real(`${folder}/device`);
    if (place === '' || place.includes('/usb')) continue;
    const address =
      plain(look.read(`${folder}/phy80211/macaddress`)) ||
      plain(look.read(`${folder}/bonding_slave/perm_hwaddr`)) ||
      (plain(look.read(`${folder}/addr_assign_type`)) === '0' ? plain(look.read(`${folder}/address`)) : '');
    if (!/^(?:[0-9a-f]{2}:){5}[0-9a-f]{2}$/.test(address) || isPlaceholder(address)) continue;
    // The second-lowest bit of the first byte marks addresses not assigned by a manufacturer. A virtual machine has
    // no manufacturer.
    if (!virtual && (Number.parseInt(address.slice(0, 2), 16) & 2) !== 0) continue;
    found.push({ place, address });
  }
  return found.sort((a, b) => (a.place < b.place ? -1 : 1))[0]?.address ?? null;
}

/** The serial number or world-wide name of the first built-in disk, ordered by bus, not by name. */
function diskId(look: Look): string | null {
  const found: { readonly place: string; readonly id: string }[] = [];
  for (const name of look.names('/sys/block')) {
    const folder = `/sys/block/${name}`;
    const place = look.real(folder);
    if (!/^(?:nvme|sd|hd|mmcblk\d+$|xvd|vd)/.test(name) || place.includes('/usb')) continue;
    if (plain(look.read(`${folder}/removable`)) === '1') continue;
    const id = ['wwid', 'device/wwid', 'device/serial', 'device/cid', 'serial']
      .map((file) => plain(look.read(`${folder}/${file}`)))
      .find((text) => text !== '' && !isPlaceholder(text));
    if (id !== undefined) found.push({ place, id });
  }
  return found.sort((a, b) => (a.place < b.place ? -1 : 1))[0]?.id ?? null;
}

/** The serial number that small computers burn into the board. */
function boardSerial(look: Look, cpuinfo: string): string | null {
  const serial =
    plain(look.read('/proc/device-tree/serial-number')) || (/^Serial\s*:\s*(\S+)/m.exec(cpuinfo)?.[1] ?? '');
  return isPlaceholder(serial) ? null : serial;
}

function machineId(look: Look): string | null {
  const id = plain(look.read('/etc/machine-id')) || plain(look.read('/var/lib/dbus/machine-id'));
  // systemd asks not to expose it as is; the prefix makes our hash differ from everybody else's.
  return /^[0-9a-f]{32}$/.test(id) && !isPlaceholder(id) ? `session-log:${id}` : null;
}

function isContainer(look: Look, env: NodeJS.ProcessEnv): boolean {
  // The Windows Subsystem for Linux draws a new address at each start; like a container's, its hardware is the host's.
  if (/microsoft/i.test(look.read('/proc/sys/kernel/osrelease') ?? '')) return true;
  // Set for processes by Kubernetes, LXC, podman and systemd-nspawn.
  if ((env['KUBERNETES_SERVICE_HOST'] ?? '') !== '' || (env['container'] ?? '') !== '') return true;
  return (
    CONTAINER_MARKS.some((path) => look.exists(path)) ||
    /\b(?:docker|containerd|kubepods|libpod|crio|lxc)\b/.test(look.read('/proc/1/cgroup') ?? '') ||
    mountsOfContainer(look.read('/proc/self/mounts') ?? '')
  );
}

/** Files that runtimes create inside. */
const CONTAINER_MARKS = [
  '/run/systemd/container',
  '/run/.containerenv',
  '/.dockerenv',
  '/run/secrets/kubernetes.io',
  '/dev/lxd',
  '/dev/incus',
  '/dev/.lxc',
  '/dev/.lxd-mounts',
];

/**
 * An image's layers show as an overlay at the root (containerd and CRI-O leave no other mark), LXC's view of the host as `lxcfs`.
 * Systems whose own root is an overlay of sealed images name another source (`composefs`).
 */
function mountsOfContainer(mounts: string): boolean {
  return mounts.split('\n').some((line) => {
    const [source, place, type] = line.split(' ');
    return (
      type === 'fuse.lxcfs' ||
      (place === '/' && type === 'overlay' && /^(?:overlay|none)$/.test(source ?? ''))
    );
  });
}

function hashed(raw: string | null): string | null {
  return raw === null ? null : hashPart(raw);
}

/** Without the line end, and without the NUL that terminates a device tree string. */
function plain(text: string | null): string {
  return (text ?? '').replaceAll('\0', '').trim();
}

function words(...all: readonly string[]): string {
  return all.filter((word) => word !== '').join(' ');
}
