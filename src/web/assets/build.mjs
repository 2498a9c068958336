// Makes what browsers are given, from the packages of the lock file: compiled, named after its content, compressed once.
// node build.mjs SOURCES MODULES OUT: writes the files into OUT, and OUT/assets.rs with a row for each.
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'

const [sources, modules, out] = process.argv.slice(2)
const sass = createRequire(join(modules, 'node_modules', 'x.js'))('sass')
mkdirSync(out, { recursive: true })

const rows = []
function keep (key, ending, media, content) {
  const bytes = Buffer.from(content)
  const digest = createHash('sha256').update(bytes).digest('hex').slice(0, 16)
  const name = `${key}-${digest}.${ending}`
  writeFileSync(join(out, name), bytes)
  writeFileSync(join(out, `${name}.gz`), gzipSync(bytes, { level: 9 }))
  writeFileSync(join(out, `${name}.br`), brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } }))
  const file = it => `include_bytes!(${JSON.stringify(join(out, it))})`
  rows.push(`Asset { key: "${key}.${ending}", name: "${name}", media: "${media}", plain: ${file(name)}, gzip: ${file(`${name}.gz`)}, brotli: ${file(`${name}.br`)} },`)
  return name
}

const compiled = sass.compile(join(sources, 'app.scss'), {
  loadPaths: [join(modules, 'node_modules')], style: 'compressed', quietDeps: true, logger: sass.Logger.silent
})
const foreign = compiled.css.match(/.{0,80}(url\(["']?(?!data:)|GDS Transport).{0,80}/)
if (foreign) throw new Error(`the styles name another host or the typeface of GOV.UK: ${foreign[0]}`)
keep('app', 'css', 'text/css; charset=utf-8', compiled.css)

const govuk = readFileSync(join(modules, 'node_modules/govuk-frontend/dist/govuk/govuk-frontend.min.js'), 'utf8')
const library = keep('govuk-frontend', 'js', 'text/javascript; charset=utf-8', govuk.replace(/\n\/\/# sourceMappingURL=.*$/m, ''))
keep('app', 'js', 'text/javascript; charset=utf-8', readFileSync(join(sources, 'app.js'), 'utf8').replace('./govuk-frontend.js', `./${library}`))
keep('icon', 'svg', 'image/svg+xml', readFileSync(join(sources, 'icon.svg')))

writeFileSync(join(out, 'assets.rs'), `&[\n${rows.join('\n')}\n]\n`)
