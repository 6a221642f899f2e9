import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { deriveUuid } from '../../core/machine/derive-uuid.ts';
import type { MachineFacts } from '../../core/ports/machine-probe.ts';
import { createLinuxProbe } from './linux-probe.ts';
import { only } from '../../testing/only.ts';

const digest = { sha256: (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex') };

/** A small /sys, /proc and /etc, with links as the kernel lays them. */
class Tree {
  readonly root = fs.mkdtempSync(join(tmpdir(), 'linux-machine-'));
  file(path: string, text: string): this {
    fs.mkdirSync(join(this.root, dirname(path)), { recursive: true });
    fs.writeFileSync(join(this.root, path), text);
    return this;
  }
  link(path: string, target: string): this {
    fs.mkdirSync(join(this.root, dirname(path)), { recursive: true });
    fs.mkdirSync(join(this.root, target), { recursive: true });
    fs.symlinkSync(relative(join(this.root, dirname(path)), join(this.root, target)), join(this.root, path));
    return this;
  }
  /** A network device at a place of a bus, or a virtual one when there is no place. */
  net(name: string, place: string | null, files: Readonly<Record<string, string>>): this {
    const home = place === null ? `/sys/devices/virtual/net/${name}` : `${place}/net/${name}`;
    for (const [file, text] of Object.entries(files)) this.file(`${home}/${file}`, `${text}\n`);
    if (place !== null) this.link(`${home}/device`, place);
    return this.link(`/sys/class/net/${name}`, home);
  }
  disk(name: string, place: string, files: Readonly<Record<string, string>>): this {
    for (const [file, text] of Object.entries(files)) this.file(`${place}/${file}`, `${text}\n`);
    return this.link(`/sys/block/${name}`, place);
  }
  dmi(vendor: string, product: string, board: string): this {
    return this.file('/sys/class/dmi/id/sys_vendor', `${vendor}\n`)
      .file('/sys/class/dmi/id/product_name', `${product}\n`)
      .file('/sys/class/dmi/id/board_vendor', `${vendor}\n`)
      .file('/sys/class/dmi/id/board_name', `${board}\n`);
  }
  facts(env: NodeJS.ProcessEnv = {}): Promise<MachineFacts> {
    return createLinuxProbe({
      env,
      root: this.root,
      hostname: () => 'host',
      arch: 'x64',
      release: '6.1.0',
    }).probe();
  }
}

let trees: Tree[] = [];
beforeEach(() => {
  trees = [];
});
afterEach(() => {
  for (const tree of trees) fs.rmSync(tree.root, { recursive: true, force: true });
});
const grow = (): Tree => {
  const tree = new Tree();
  trees.push(tree);
  return tree;
};

const MACHINE_ID = '3d1219c7c4c5404aaa1f6d2a48adfda4';
const PCI = '/sys/devices/pci0000:00';

function laptop(mac = '8c:8c:aa:12:34:56', disk = 'eui.0025385b21404321', machineId = MACHINE_ID): Tree {
  return grow()
    .dmi('LENOVO', '20XW', '20XWCTO1WW')
    .file(
      '/proc/cpuinfo',
      'processor\t: 0\nmodel name\t: 11th Gen Intel(R) Core(TM) i7-1165G7 @ 2.80GHz\nflags\t\t: fpu vme de\n',
    )
    .file('/etc/machine-id', `${machineId}\n`)
    .net('lo', null, { address: '00:00:00:00:00:00', addr_assign_type: '0' })
    .net('docker0', null, { address: '02:42:ac:11:00:02', addr_assign_type: '3' })
    .net('enx00e04c680001', `${PCI}/0000:00:14.0/usb2/2-1/2-1:1.0`, {
      address: '00:e0:4c:68:00:01',
      addr_assign_type: '0',
    })
    .net('enp0s31f6', `${PCI}/0000:00:1f.6`, { address: mac, addr_assign_type: '0' })
    .disk('nvme0n1', `${PCI}/0000:00:1d.0/0000:3d:00.0/nvme/nvme0/nvme0n1`, { removable: '0', wwid: disk })
    .disk('sda', `${PCI}/0000:00:14.0/usb2/2-2/host0/sda`, {
      removable: '0',
      'device/wwid': 'naa.500000000000dead',
    })
    .disk('loop0', '/sys/devices/virtual/block/loop0', { removable: '0' });
}

async function uuidOf(tree: Tree): Promise<string> {
  return deriveUuid((await tree.facts()).parts, digest).uuid;
}
const keys = (facts: MachineFacts): string[] => facts.parts.map(({ key }) => key);

describe('createLinuxProbe', () => {
  it('pins the UUID of a laptop', async () => {
    const facts = await laptop().facts();
    expect(keys(facts)).toEqual(['mac_hash', 'disk_hash', 'cpu', 'model', 'board']);
    expect(facts).toMatchObject({
      hostname: 'host',
      platform: 'Linux',
      platformVersion: '6.1.0',
      model: 'LENOVO 20XW',
      problems: [],
    });
    expect(deriveUuid(facts.parts, digest).uuid).toBe('208a5d60-df48-0643-2854-17c23e0eb88c');
    // The constant that ADR-058's script gives every Linux machine.
    expect(
      deriveUuid(
        [
          { key: 'cpu', value: '' },
          { key: 'model', value: '' },
        ],
        digest,
      ).uuid,
    ).toBe('835d8a70-06d3-4f6c-a8cd-bf720c6eea7b');
  });

  it('survives a reinstall, and tells two machines of one kind apart', async () => {
    const uuid = await uuidOf(laptop());
    expect(await uuidOf(laptop(undefined, undefined, 'f'.repeat(31) + '0'))).toBe(uuid);
    expect(await uuidOf(laptop('8c:8c:aa:12:34:57'))).not.toBe(uuid);
    expect(await uuidOf(laptop(undefined, 'eui.0025385b21404322'))).not.toBe(uuid);
  });

  it('does not care for docks, sticks, bridges, names, or the order in which devices were found', async () => {
    const uuid = await uuidOf(laptop());
    const moved = grow()
      .dmi('LENOVO', '20XW', '20XWCTO1WW')
      .file('/proc/cpuinfo', 'model name\t: 11th Gen Intel(R) Core(TM) i7-1165G7 @ 2.80GHz\nflags\t\t: fpu\n')
      .net('eth7', `${PCI}/0000:00:1f.6`, { address: '8c:8c:aa:12:34:56', addr_assign_type: '0' })
      .net('tun0', null, { address: '', addr_assign_type: '0' })
      .disk('nvme1n1', `${PCI}/0000:00:1d.0/0000:3d:00.0/nvme/nvme0/nvme0n1`, {
        removable: '0',
        wwid: 'eui.0025385b21404321',
      })
      .disk('sdb', `${PCI}/0000:00:17.0/ata1/host0/sdb`, {
        removable: '1',
        'device/wwid': 't10.ATA card reader',
      });
    expect(await uuidOf(moved)).toBe(uuid);
  });

  it("asks a radio for its own address, which privacy settings don't change, and a bonded card for its own", async () => {
    const wifi = (address: string): Tree =>
      grow().net('wlp1s0', `${PCI}/0000:00:14.3`, {
        address,
        addr_assign_type: '3',
        'phy80211/macaddress': '8c:8c:aa:00:00:01',
      });
    expect(await uuidOf(wifi('de:ad:be:ef:00:01'))).toBe(await uuidOf(wifi('de:ad:be:ef:00:02')));
    const bonded = await grow()
      .net('eno1', `${PCI}/0000:00:1f.6`, {
        address: '8c:8c:aa:99:99:99',
        addr_assign_type: '3',
        'bonding_slave/perm_hwaddr': '8c:8c:aa:00:00:02',
      })
      .facts();
    expect(keys(bonded)).toContain('mac_hash');
    const invented = await grow()
      .net('eno1', `${PCI}/0000:00:1f.6`, { address: '02:00:00:00:00:01', addr_assign_type: '0' })
      .facts();
    expect(keys(invented)).not.toContain('mac_hash');
  });

  it('takes the machine id where the hardware is a file: two clones of one virtual machine differ', async () => {
    const vm = (machineId: string): Tree =>
      grow()
        .dmi('QEMU', 'Standard PC (Q35 + ICH9, 2009)', '')
        .file('/proc/cpuinfo', 'model name\t: QEMU Virtual CPU\nflags\t\t: fpu hypervisor\n')
        .file('/etc/machine-id', `${machineId}\n`)
        .net('ens3', `${PCI}/0000:00:03.0/virtio0`, { address: '52:54:00:12:34:56', addr_assign_type: '0' })
        .disk('sda', `${PCI}/0000:00:1f.2/ata1/host0/sda`, {
          removable: '0',
          'device/wwid': 't10.ATA QEMU HARDDISK QM00001',
        });
    expect(keys(await vm(MACHINE_ID).facts())).toEqual([
      'mac_hash',
      'machine_id_hash',
      'cpu',
      'model',
      'board',
    ]);
    expect(await uuidOf(vm(MACHINE_ID))).not.toBe(await uuidOf(vm('a'.repeat(31) + 'b')));
  });

  const POD_IDS = [MACHINE_ID, 'b1f0c6d2e3a44b5c8d7e6f5a4b3c2d1e'];
  it.each<readonly [string, (pod: Tree) => Tree, NodeJS.ProcessEnv]>([
    [
      'an overlay root, as containerd and CRI-O make',
      (pod) =>
        pod
          .file('/proc/self/mounts', 'overlay / overlay rw,relatime,lowerdir=/a:/b,upperdir=/c 0 0\n')
          .file('/proc/1/cgroup', '0::/\n'),
      {},
    ],
    ['what Kubernetes sets', (pod) => pod, { KUBERNETES_SERVICE_HOST: '10.0.0.1' }],
    ['what LXC and podman set', (pod) => pod, { container: 'lxc' }],
    [
      'the view of the host that LXC mounts',
      (pod) => pod.file('/proc/self/mounts', 'lxcfs /proc/cpuinfo fuse.lxcfs rw 0 0\n'),
      {},
    ],
    ['the socket of LXD', (pod) => pod.file('/dev/lxd/sock', ''), {}],
    ['its control group', (pod) => pod.file('/proc/1/cgroup', '3:cpu:/kubepods/burstable/pod1/a\n'), {}],
  ])('tells two pods of one node apart by %s', async (_, mark, env) => {
    const [one, other] = await Promise.all(
      POD_IDS.map(async (id) => (await mark(laptop(undefined, undefined, id)).facts(env)).parts),
    );
    expect(one?.map(({ key }) => key)).toEqual(['machine_id_hash', 'cpu', 'model', 'board']);
    expect(deriveUuid(one ?? [], digest).uuid).not.toBe(deriveUuid(other ?? [], digest).uuid);
  });

  it('takes a machine whose own root is an overlay of sealed images for a machine', async () => {
    const sealed = laptop().file('/proc/self/mounts', 'composefs / overlay ro,relatime 0 0\n');
    expect(keys(await sealed.facts())).toContain('disk_hash');
  });

  it("leaves a container its own machine id only, because all hardware there is the host's", async () => {
    for (const mark of [
      '/.dockerenv',
      '/run/.containerenv',
      '/run/systemd/container',
      '/run/secrets/kubernetes.io/x',
    ])
      expect(keys(await laptop().file(mark, '').facts())).toEqual([
        'machine_id_hash',
        'cpu',
        'model',
        'board',
      ]);
    const wsl = laptop().file('/proc/sys/kernel/osrelease', '5.15.153.1-microsoft-standard-WSL2\n');
    expect(keys(await wsl.facts())).toContain('machine_id_hash');
    expect(keys(await wsl.facts())).not.toContain('mac_hash');
  });

  it('reads the serial number of small boards, from the device tree or from cpuinfo', async () => {
    const tree = await grow()
      .file('/proc/device-tree/model', 'Raspberry Pi 4 Model B Rev 1.4\0')
      .file('/proc/device-tree/serial-number', '10000000abcdef01\0')
      .facts();
    expect(tree.model).toBe('Raspberry Pi 4 Model B Rev 1.4');
    expect(keys(tree)).toEqual(['board_serial_hash', 'cpu', 'model']);
    const cpuinfo = await grow()
      .file('/proc/cpuinfo', 'Hardware\t: BCM2835\nSerial\t\t: 10000000abcdef01\n')
      .facts();
    expect(cpuinfo.parts[0]).toEqual(tree.parts[0]);
    const blank = await grow().file('/proc/cpuinfo', 'Serial\t\t: 0000000000000000\n').facts();
    expect(keys(blank)).not.toContain('board_serial_hash');
  });

  it('shows a machine of which nothing can be read as just that', async () => {
    const facts = await grow().facts();
    expect(facts.parts).toEqual([
      { key: 'cpu', value: 'x64' },
      { key: 'model', value: 'unknown' },
    ]);
    expect(facts.problems).toEqual([]);
    const uninitialised = await grow().file('/etc/machine-id', 'uninitialized\n').facts();
    expect(keys(uninitialised)).not.toContain('machine_id_hash');
    const shared = await grow()
      .file('/etc/machine-id', '')
      .file('/var/lib/dbus/machine-id', `${MACHINE_ID}\n`)
      .facts();
    expect(keys(shared)).toContain('machine_id_hash');
  });

  it('lets no address, disk name or machine id out', async () => {
    const told = JSON.stringify(await laptop().facts());
    for (const secret of ['8c:8c:aa:12:34:56', 'eui.0025385b21404321', MACHINE_ID])
      expect(told).not.toContain(secret);
  });

  it('names a file that it may not read', async () => {
    const tree = laptop();
    // A folder where a file is expected is refused to everybody, also to the super-user.
    fs.rmSync(join(tree.root, '/sys/class/dmi/id/sys_vendor'));
    fs.mkdirSync(join(tree.root, '/sys/class/dmi/id/sys_vendor'));
    expect((await tree.facts()).problems).toEqual(['/sys/class/dmi/id/sys_vendor: EISDIR']);
  });

  only(process.platform === 'linux' && process.getuid?.() === 0, 'needs root on Linux').it(
    'sees the same on this very machine as root and as an ordinary user',
    async () => {
      const probe = new URL('./linux-probe.ts', import.meta.url).href;
      const child = spawnSync(
        process.execPath,
        [
          '--input-type=module',
          '-e',
          `const { createLinuxProbe } = await import(${JSON.stringify(probe)});
          console.log(JSON.stringify([process.getuid(), await createLinuxProbe().probe()]));`,
        ],
        // 65534 is nobody, on every distribution.
        { uid: 65534, gid: 65534, cwd: '/', encoding: 'utf8' },
      );
      expect(child.stderr).toBe('');
      const [uid, seen] = JSON.parse(child.stdout) as [number, MachineFacts];
      expect(uid).toBe(65534);
      const mine = await createLinuxProbe().probe();
      expect(seen).toEqual(mine);
      expect(mine.problems).toEqual([]);
    },
  );
});
