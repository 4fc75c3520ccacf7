/** The style of our pages: system fonts, light or dark as the reader's system, no script. */
export const style = `:root {
  color-scheme: light dark;
  --text: light-dark(#1b1f24, #e8eaed);
  --soft: light-dark(#57606a, #a3abb5);
  --back: light-dark(#ffffff, #16191d);
  --card: light-dark(#f4f6f8, #1f242a);
  --line: light-dark(#8c959f, #6b7580);
  --link: light-dark(#0550ae, #7cb7ff);
  --on-link: light-dark(#ffffff, #10141a);
  --bad: light-dark(#a40e26, #ff9a9a);
}
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 60rem; padding: 1rem; background: var(--back); color: var(--text);
  font: 1rem/1.5 system-ui, sans-serif; }
header { display: flex; flex-wrap: wrap; gap: 0.5rem 1.5rem; align-items: center; border-bottom: 1px solid var(--line); padding-bottom: 0.75rem; }
nav { display: flex; flex-wrap: wrap; gap: 1rem; margin-inline-end: auto; }
a { color: var(--link); }
a[aria-current] { color: var(--text); font-weight: 600; text-decoration: none; }
h1 { font-size: 1.6rem; } h2 { font-size: 1.2rem; margin-top: 2rem; }
.narrow { max-width: 24rem; margin: 3rem auto; }
label { display: block; margin-top: 0.75rem; font-weight: 600; }
input, select { display: block; font: inherit; width: 100%; max-width: 24rem; padding: 0.5rem; margin-top: 0.25rem;
  border: 1px solid var(--line); border-radius: 6px; background: var(--back); color: var(--text); }
button { font: inherit; font-weight: 600; margin-top: 1rem; padding: 0.5rem 1rem; border: 1px solid var(--link);
  border-radius: 6px; background: var(--link); color: var(--on-link); cursor: pointer; }
button.quiet, td button, header button { margin: 0; padding: 0.25rem 0.75rem; background: transparent; color: var(--link); }
td select { display: inline; width: auto; margin: 0; padding: 0.25rem; }
td details { display: inline-block; vertical-align: top; }
summary { color: var(--link); font-weight: 600; padding: 0.25rem 0.75rem; cursor: pointer; }
td form { display: inline-flex; gap: 0.5rem; margin-inline-end: 0.5rem; }
.filter { display: flex; flex-wrap: wrap; gap: 0 1rem; align-items: end; margin-bottom: 1rem; }
.filter div { flex: 1 1 9rem; } .filter .check { flex-basis: 100%; }
.check input, .check label { display: inline; width: auto; margin: 0 0.25rem 0 0; font-weight: normal; }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: start; padding: 0.4rem 0.75rem 0.4rem 0; border-bottom: 1px solid var(--line); vertical-align: middle; }
td, th, .notice, .soft, .team, h1 { overflow-wrap: anywhere; }
time, td button { white-space: nowrap; }
th, td { min-width: 7rem; }
thead th { overflow-wrap: normal; }
pre { background: var(--card); padding: 0.75rem; margin: 0; border-radius: 6px; user-select: all;
  white-space: pre-wrap; overflow-wrap: anywhere; }
.copyable { margin: 0.5rem 0 1rem; }
.copyable button { margin: 0.5rem 0.5rem 0 0; }
.team { font-weight: 600; margin: 0; }
.narrow .team { font-size: 1.2rem; } .narrow .team + h1 { margin-top: 0; }
[hidden] { display: none; }
.notice { background: var(--card); padding: 0.75rem 1rem; border-inline-start: 4px solid var(--link); }
.problem { border-color: var(--bad); color: var(--bad); }
.soft { color: var(--soft); }
@media (max-width: 48rem) {
  table, tbody, tr, tbody th, td { display: block; }
  thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
  tr { border-bottom: 1px solid var(--line); padding: 0.5rem 0; }
  th, td { border: 0; padding: 0.2rem 0; }
  td:empty { display: none; }
  td::before { content: attr(data-heading) ': '; color: var(--soft); }
  td form, td details { margin-top: 0.5rem; }
  td form { flex-wrap: wrap; }
}
`
