// A plant, a broker, a twin and its people, as `./run` starts them, with a policy that takes two persons for a rule.
import { spawn } from 'node:child_process'
import fs from 'node:fs'
import net from 'node:net'
import path from 'node:path'

export const sleep = ms => new Promise(resolve => setTimeout(resolve, ms))
// Below those that the system gives to who calls out, or somebody's line could take it before it is listened on.
export const freePort = async () => {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 10_000)
    const free = await new Promise(resolve => {
      const s = net.createServer().once('error', () => resolve(false)).listen(port, '127.0.0.1', () => s.close(() => resolve(true)))
    })
    if (free) return port
  }
}
const exists = async (file, seconds) => {
  for (let k = 0; k < seconds * 10; k++) {
    if (fs.existsSync(file) && fs.statSync(file).size > 0) return
    await sleep(100)
  }
  throw new Error(`${file} did not come in ${seconds} s`)
}

// One message by MQTT 3.1.1 (OASIS), at most once: CONNECT, PUBLISH, DISCONNECT.
const publish = (port, topic, text) => new Promise((resolve, reject) => {
  const field = t => { const b = Buffer.from(t); return Buffer.concat([Buffer.from([b.length >> 8, b.length & 255]), b]) }
  const packet = (first, body) => {
    const size = []
    for (let n = body.length; ;) { const low = n % 128; n = Math.floor(n / 128); size.push(n > 0 ? low | 128 : low); if (n === 0) break }
    return Buffer.concat([Buffer.from([first, ...size]), body])
  }
  const line = net.connect(port, '127.0.0.1', () =>
    line.write(packet(0x10, Buffer.concat([field('MQTT'), Buffer.from([4, 2, 0, 30]), field('window-check')]))))
  line.once('data', answer => {
    if (answer[0] !== 0x20 || answer[3] !== 0) return reject(new Error('the broker refuses'))
    line.write(packet(0x30, Buffer.concat([field(topic), Buffer.from(text)])))
    line.end(Buffer.from([0xe0, 0]), () => resolve())
  })
  line.once('error', reject)
})

const policy = { classes: [
  { name: 'rule', kind: 'move', role: 'approver', persons: 2, level: 4, veto_ms: 0, fresh: 'target', age_ms: 43_200_000 },
  { name: 'priority', kind: 'move', role: 'approver', persons: 1, level: 4, veto_ms: 0, fresh: 'target', age_ms: 14_400_000 }] }

export class House {
  constructor(program, root, folder, { speed = 3600, wafers = '', secondPerson = true, fab = '', rules = '' } = {}) {
    Object.assign(this, { program, root, folder, speed, wafers, secondPerson, fab, rules, children: [], tokens: {} })
  }

  start(name, command, args) {
    const log = fs.openSync(path.join(this.folder, `${name}.log`), 'a')
    const child = spawn(command, args, { stdio: ['ignore', log, log] })
    child.name = name
    this.children.push(child)
    return child
  }

  async begin() {
    fs.rmSync(this.folder, { recursive: true, force: true })
    fs.mkdirSync(path.join(this.folder, 'plant'), { recursive: true })
    this.broker = await freePort()
    this.port = await freePort()
    const fab = this.fab || path.join(this.root, 'data/example-fab'), example = path.join(this.root, 'data/example-site')
    let site = fs.readFileSync(path.join(example, 'site.toml'), 'utf8').replaceAll('@FAB@', fab).replaceAll('@API@', String(this.port))
    if (this.secondPerson) {
      fs.writeFileSync(path.join(this.folder, 'policy.json'), JSON.stringify(policy))
      site = site.replace('[advice]\n', '[advice]\npolicy = "policy.json"\n')
    }
    if (this.rules) site = site.replace(/^rules = .*$/m, `rules = ${this.rules}`)
    if (this.wafers) site += `\n[wafers]\nmaps = "${this.wafers}"\n`
    fs.writeFileSync(path.join(this.folder, 'site.toml'), site)
    fs.writeFileSync(path.join(this.folder, 'broker.conf'), `listener ${this.broker} 127.0.0.1\nallow_anonymous true\npersistence false\n`)
    const mosquitto = fs.existsSync('/usr/sbin/mosquitto') ? '/usr/sbin/mosquitto' : 'mosquitto'
    this.start('broker', mosquitto, ['-c', path.join(this.folder, 'broker.conf')])
    await sleep(500)
    this.start('plant', this.program, ['plant', path.join(this.folder, 'plant'), '--data', fab, '--speed', String(this.speed), '--hsms-port', '0',
      '--rule', 'fifo', ...(this.fab ? [] : ['--scenario', path.join(example, 'scenario.toml')]), '--mqtt', `127.0.0.1:${this.broker}`, '--site', 'example'])
    await exists(path.join(this.folder, 'plant/plant.toml'), 60)
    const first = path.join(this.folder, 'admin.token')
    this.serve(['--first-token', first])
    await exists(first, 60)
    this.once = fs.readFileSync(first, 'utf8').trim()
    this.base = `http://127.0.0.1:${this.port}`
  }

  serve(more = []) {
    this.twin = this.start('twin', this.program, ['serve', path.join(this.folder, 'site.toml'), '--log', path.join(this.folder, 'twin.jsonl'), ...more])
  }
  // Its process is gone, as by a power cut, and begins anew.
  async killTwin() {
    const gone = new Promise(resolve => this.twin.once('exit', resolve))
    this.twin.kill('SIGKILL')
    await gone
  }

  async ask(who, method, at, body) {
    const response = await fetch(this.base + at, { method,
      headers: { Authorization: `Bearer ${this.tokens[who] ?? who}`, ...(body ? { 'Content-Type': 'application/json' } : {}) },
      body: body && JSON.stringify(body) })
    const text = await response.text()
    if (!response.ok) throw new Error(`${method} ${at}: ${response.status} ${text}`)
    return text ? JSON.parse(text) : {}
  }
  // A token of one use for somebody new.
  async open(name, role) {
    return (await this.ask('admin', 'POST', '/v1/accounts', { name, roles: [role] })).token
  }
  async people() {
    this.tokens.admin = (await this.ask(this.once, 'POST', '/v1/sessions')).token
    for (const [name, role] of [['emil', 'engineer'], ['arno', 'approver'], ['olaf', 'operator'], ['vera', 'viewer']]) {
      this.tokens[name] = (await this.ask(await this.open(name, role), 'POST', '/v1/sessions')).token
    }
  }
  // What another system measured at a tool, by MQTT.
  async measured(tool, item, value, seq) {
    const { now } = await this.ask('admin', 'GET', '/v1/health')
    return publish(this.broker, `fab/example/litho/${encodeURIComponent(tool)}/-/trace/${item}`,
      JSON.stringify({ t: now, src: 'sensors', epoch: 1, seq, kind: 'measurement', tool, item, v: value, u: 'Pa' }))
  }
  // What a person does at the fab: it dispatches by another rule.
  dispatchBy(rule) {
    return publish(this.broker, 'fab/example/mes/command', JSON.stringify({ do: 'rule', rule, id: Date.now() % 1_000_000 }))
  }
  end() {
    for (const child of this.children) child.kill('SIGKILL')
  }
}
