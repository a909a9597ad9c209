// Reads the OpenAPI text of a running server, has it judged by software of others, and then holds the server to
// it: every route, every role, every answer. Arguments: URL, file of the authority, JSON {role: token}.
import { readFileSync } from 'node:fs'
import https from 'node:https'
import { Validator } from '@seriousme/openapi-schema-validator'
import Ajv2020 from 'ajv/dist/2020.js'
import { createParser } from 'eventsource-parser'

const [base, caFile, tokensJson] = process.argv.slice(2)
const ca = readFileSync(caFile)
const tokens = JSON.parse(tokensJson)
const roles = Object.keys(tokens)
let checks = 0
let wrong = 0
const check = (holds, text) => {
  ++checks
  if (holds) return
  ++wrong
  console.log(`wrong ${text}`)
}

const line = new https.Agent({ ca, keepAlive: true, maxSockets: 8 })
const ask = (method, path, token, body) => new Promise((resolve, reject) => {
  const headers = {}
  if (token) headers.authorization = `Bearer ${token}`
  if (body !== undefined) headers['content-type'] = 'application/json'
  const request = https.request(base + path, { method, headers, agent: line }, answer => {
    let text = ''
    answer.setEncoding('utf8')
    answer.on('data', part => { text += part })
    answer.on('end', () => resolve({ status: answer.statusCode, headers: answer.headers, text }))
  })
  request.on('error', reject)
  request.end(body)
})

// The document itself.
const { text } = await ask('GET', '/v1/openapi.json')
const api = JSON.parse(text)
const judged = await new Validator().validate(structuredClone(api))
check(judged.valid, `document ${JSON.stringify(judged.errors)}`)
const ajv = new Ajv2020({ strict: false, allErrors: true })
ajv.addSchema(api, 'api')
const pointer = words => words.map(w => encodeURIComponent(w.replaceAll('~', '~0').replaceAll('/', '~1'))).join('/')
const fits = (place, x) => {
  const judge = ajv.getSchema(`api#/${place}`)
  return judge(x) ? '' : ajv.errorsText(judge.errors)
}
const isProblem = answer => answer.headers['content-type'] === 'application/json' &&
  fits('components/schemas/Problem', JSON.parse(answer.text)) === ''

const known = { lot: 'L7', group: 'LITHO', tool: 'LITHO_01', scenario: 'S-1', id: 'R-1', name: 'nobody', token: 'nobody',
  forecast: 'forecast-1', entry: '7' }
const queries = { '/v1/series': '?signal=x' }
const operations = []
for (const [path, methods] of Object.entries(api.paths)) {
  for (const [method, operation] of Object.entries(methods)) operations.push({ path, method, operation })
}
const address = path => path.replaceAll(/{(\w+)}/g, (_, name) => known[name]) + (queries[path] ?? '')
const holdsTo = (o, answer, where) => {
  const [status, said] = Object.entries(o.operation.responses).find(([s]) => s !== 'default')
  check(String(answer.status) === status, `${where} answers ${answer.status} ${answer.text.slice(0, 200)}`)
  const type = (answer.headers['content-type'] ?? '').split(';')[0]
  check(type in said.content, `${where} is ${type}`)
  if (type !== 'application/json') return
  const place = pointer(['paths', o.path, o.method, 'responses', status, 'content', type, 'schema'])
  const fault = fits(place, JSON.parse(answer.text))
  check(fault === '', `${where}: ${fault}`)
}

// Something for every GET to show.
const what = { words: 'LITHO_01 down', horizon_h: 24, runs: 20, changes: [{ kind: 'tool-down', tool: 'LITHO_01', from: 1, to: 2 }] }
const bodies = { '/v1/scenarios': { role: 'engineer', body: what } }
const seen = JSON.parse((await ask('GET', '/v1/recommendations/R-1', tokens.viewer)).text).digest
const operation = (path, method) => operations.find(o => o.path === path && o.method === method)
const does = async (role, method, path, body, at) => {
  const o = operation(path, method)
  const answer = await ask(method.toUpperCase(), at ?? address(path), tokens[role], body && JSON.stringify(body))
  holdsTo(o, answer, `${role} ${method} ${path}`)
  return answer.text === '' ? {} : JSON.parse(answer.text)
}
for (const [path, { role, body }] of Object.entries(bodies)) {
  check(fits(pointer(['paths', path, 'post', 'requestBody', 'content', 'application/json', 'schema']), body) === '', `our body of ${path}`)
  await does(role, 'post', path, body)
}
console.log('asked')  // the twin answers S-1 now
await new Promise(resolve => process.stdin.once('data', resolve))

// Each route with each role and with none.
for (const o of operations) {
  const where = `${o.method} ${o.path}`
  const open = o.operation.security?.length === 0
  const body = o.operation.requestBody ? '{}' : undefined
  if (!open) {
    const answer = await ask(o.method.toUpperCase(), address(o.path), undefined, body)
    check(answer.status === 401 && isProblem(answer), `${where} answers a stranger ${answer.status}`)
  }
  for (const role of roles) {
    if (o.path === '/v1/events' || open) continue
    const answer = await ask(o.method.toUpperCase(), address(o.path), tokens[role], body)
    const may = o.operation['x-roles'].includes(role)
    check((answer.status !== 403) === may, `${where} answers ${role} ${answer.status}`)
    if (answer.status >= 400) check(isProblem(answer), `${where}: no problem ${answer.text}`)
    if (body && may) check(answer.status === 400, `${where} takes an empty body (${answer.status})`)
    if (o.path.endsWith('/outcome')) check(answer.status === 404, `${where}: nothing came of it yet`)
    else if (o.method === 'get' && may) holdsTo(o, answer, `${where} as ${role}`)
  }
}
for (const path of ['/v1/health', '/v1/openapi.json']) holdsTo(operation(path, 'get'), await ask('GET', path), path)

// What changes something, each once.
const account = '/v1/accounts/{name}'
const given = await does('admin', 'post', '/v1/accounts', { name: 'pia', roles: ['viewer'] })
await does('admin', 'put', account + '/roles', { roles: ['operator'] }, '/v1/accounts/pia/roles')
const session = await ask('POST', '/v1/sessions', given.token)
holdsTo(operation('/v1/sessions', 'post'), session, 'sessions')
check((await ask('POST', '/v1/sessions', given.token)).status === 401, 'a token of one use is used twice')
await does('admin', 'post', account + '/tokens', undefined, '/v1/accounts/pia/tokens')
await does('admin', 'delete', account + '/tokens', undefined, '/v1/accounts/pia/tokens')
await does('admin', 'delete', account, undefined, '/v1/accounts/pia')
const mine = await does('viewer', 'post', '/v1/tokens')
await does('viewer', 'delete', '/v1/tokens/{token}', undefined, `/v1/tokens/${mine.token.slice(8, 24)}`)
await does('approver', 'post', '/v1/recommendations/{id}/trials', { value: 1.25 }, '/v1/recommendations/R-2/trials')
const second = JSON.parse((await ask('GET', '/v1/recommendations/R-2', tokens.viewer)).text).digest
await does('approver', 'post', '/v1/recommendations/{id}/edit', { seen: second, trial: 'S-2' }, '/v1/recommendations/R-2/edit')
const edited = JSON.parse((await ask('GET', '/v1/recommendations/R-2', tokens.viewer)).text)
await does('engineer', 'post', '/v1/recommendations/{id}/reject', { seen: edited.digest, reason: 'not-now', remark: 'Inspection first.' }, '/v1/recommendations/R-2/reject')
const own = { ...edited.content, id: 'E-1', proposer: 'emil' }
await does('engineer', 'post', '/v1/recommendations', own)

// A stream, opened by a ticket, read by a parser of others.
const ticket = (await does('viewer', 'post', '/v1/tickets')).token
const heard = []
const parser = createParser({ onEvent: event => heard.push(event) })
await new Promise((resolve, reject) => {
  const request = https.get(`${base}/v1/events?ticket=${ticket}`, { ca }, answer => {
    check(answer.headers['content-type'] === 'text/event-stream', 'the stream has another type')
    answer.setEncoding('utf8')
    answer.on('data', part => {
      parser.feed(part)
      if (heard.length < 2) return
      request.destroy()
      resolve()
    })
    ask('POST', '/v1/recommendations/R-1/approve', tokens.approver, JSON.stringify({ seen }))
      .then(done => holdsTo(operation('/v1/recommendations/{id}/approve', 'post'), done, 'approve'))
      .then(() => ask('POST', '/v1/recommendations/R-1/reject', tokens.approver, JSON.stringify({ seen, reason: 'not-now' })))
      .catch(reject)
  })
  request.on('error', e => heard.length < 2 && reject(e))
})
for (const event of heard.slice(0, 2)) {
  check(event.event === 'decision' && event.id.length > 0, `event ${JSON.stringify(event)}`)
  check(fits('components/schemas/DecisionNews', JSON.parse(event.data)) === '', `event ${event.data}`)
}
console.log(wrong === 0 ? `right in all of ${checks} checks` : `wrong in ${wrong} of ${checks} checks`)
process.exit(0)
