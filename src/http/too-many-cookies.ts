import { createHash, randomUUID } from 'node:crypto'
import { helpLine } from '../help-line.ts'
import { referenceOf } from './request-context.ts'

// Whatever the page would load comes with the same cookies, and is refused as the page is: it stands
// alone, with its style in it.
const style =
  'body{font:1.06rem/1.6 Source Sans Pro Web,Helvetica Neue,Helvetica,Arial,sans-serif;color:#1b1b1b;' +
  'margin:0}header{background:#162e51;color:#fff;padding:1rem 1.5rem;font-weight:700}' +
  'main{max-width:40rem;padding:1rem 1.5rem}h1{line-height:1.2}a{color:#005ea2;white-space:nowrap}li{margin:.5rem 0}' +
  'code{font-size:1rem;overflow-wrap:anywhere}'
const styleHash = createHash('sha256').update(style).digest('base64')

const headers = [
  'HTTP/1.1 431 Request Header Fields Too Large',
  'Content-Type: text/html; charset=utf-8',
  'Cache-Control: no-store',
  'X-Content-Type-Options: nosniff',
  'X-Frame-Options: DENY',
  'Referrer-Policy: no-referrer',
  `Content-Security-Policy: default-src 'none';style-src 'sha256-${styleHash}';frame-ancestors 'none'`,
  'Connection: close',
]

/**
 * The whole answer to a request whose headers are too large: almost always a browser that holds too
 * many cookies. Nothing of the request was read, so the page is the same for everybody.
 * Source: RFC 6585 section 5.
 */
export function tooManyCookies(): { requestId: string; answer: string } {
  const requestId = randomUUID()
  const body = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<title>Too many cookies | Central Sign-On</title>
<style>${style}</style>
</head>
<body>
<header>Central Sign-On, United States Courts</header>
<main>
<h1>Your browser holds too many cookies</h1>
<p>Websites keep small notes, called cookies, in your browser. Yours holds so many for uscourts.gov that
this page cannot be opened. Your password and your account are not affected.</p>
<h2>What to do</h2>
<ol>
<li>Open the settings of your browser and search there for “cookies”.</li>
<li>Show the cookies of all websites, search for “uscourts.gov”, and delete those that are found.
This signs you out of the courts’ websites; nothing that you have filed is lost.</li>
<li>Go back to the court’s website and sign in from there.</li>
</ol>
<p>If you cannot find the settings, use another browser for now.</p>
<p>For help call the PACER Service Center, <a href="${helpLine.call}">${helpLine.phone}</a>, and tell them
“error 431” and this reference: <code id="request-id">${referenceOf({ requestId })}</code></p>
</main>
</body>
</html>
`
  const length = Buffer.byteLength(body)
  const head = [...headers, `X-Request-Id: ${requestId}`, `Content-Length: ${length}`]
  return { requestId, answer: `${head.join('\r\n')}\r\n\r\n${body}` }
}
