/** The page that browsers see while MLflow starts; it reloads itself. */
export const maintenancePage = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="refresh" content="5">
<meta name="color-scheme" content="light dark">
<title>The server is starting</title>
<style>
  body { font: 1.1rem/1.6 system-ui, sans-serif; max-width: 34rem; margin: 18vh auto; padding: 0 1.5rem }
</style>
<h1>The server is starting</h1>
<p>This takes about twenty seconds after an update or a restart. The page looks again by itself.</p>
<p>Nothing is lost: training programs keep what they log and deliver it when the server is back.</p>
</html>
`
