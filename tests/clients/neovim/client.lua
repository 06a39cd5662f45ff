-- Drives the server in a real Neovim, through the plugin, on a copy of the example. Every wait polls.
-- The last line says how many checks passed.
--
-- usage: nvim --clean --headless --cmd 'set rtp^=PLUGIN' -S client.lua, with EXPECTED naming the
-- expectations and WORKSPACE the copy, and `rationale` on the PATH.

local TIMEOUT = 30000 -- milliseconds

local expected = vim.json.decode(table.concat(vim.fn.readfile(vim.env.EXPECTED), '\n'))
local workspace = vim.uv.fs_realpath(vim.env.WORKSPACE)

local passed, failed = 0, 0

local function check(name, run)
  local good, message = xpcall(run, debug.traceback)
  if good then
    passed = passed + 1
  else
    failed = failed + 1
  end
  io.stdout:write(good and ('ok    %s\n'):format(name) or ('FAIL  %s\n%s\n'):format(name, message))
end

--- The first value of `probe` that is not nil or false.
local function eventually(what, probe)
  local value
  local come = vim.wait(TIMEOUT, function()
    value = probe()
    return value
  end, 20)
  return come and value or error('waited in vain for ' .. what)
end

local function open(file)
  local path = vim.fs.joinpath(workspace, file)
  -- What an earlier check has edited stays as it is.
  if vim.api.nvim_buf_get_name(0) ~= path then
    vim.cmd.edit({ path, mods = { hide = true } })
  end
  return vim.api.nvim_get_current_buf()
end

local function client()
  return eventually('a client', function()
    local found = vim.lsp.get_clients({ name = 'rationale', bufnr = 0 })[1]
    return found and found.initialized and found
  end)
end

--- Puts the cursor on `word` in the first line that holds `line`.
local function go_to(place)
  for number, text in ipairs(vim.api.nvim_buf_get_lines(0, 0, -1, false)) do
    local start = text:find(place.line, 1, true)
    if start then
      vim.api.nvim_win_set_cursor(0, { number, text:find(place.word, start, true) - 1 })
      return
    end
  end
  error(('no line of the buffer holds %q'):format(place.line))
end

--- The diagnostic with the code and exactly the text that are asked for.
local function diagnostic(buffer, wanted)
  for _, found in ipairs(vim.diagnostic.get(buffer)) do
    local text = vim.api.nvim_buf_get_text(buffer, found.lnum, found.col, found.end_lnum, found.end_col, {})
    if found.code == wanted.code and table.concat(text, '\n') == wanted.on then
      return found
    end
  end
end

for _, wanted in ipairs(expected.diagnostics) do
  check(('diagnostic %s in %s'):format(wanted.code, wanted.file), function()
    local buffer = open(wanted.file)
    eventually('the diagnostic', function()
      return diagnostic(buffer, wanted)
    end)
  end)
end

for _, wanted in ipairs(expected.hovers) do
  check(('hover on %s in %s'):format(wanted.word, wanted.file), function()
    open(wanted.file)
    client()
    go_to(wanted)
    vim.lsp.buf.hover()
    local float = eventually('the hover window', function()
      for _, window in ipairs(vim.api.nvim_list_wins()) do
        if vim.api.nvim_win_get_config(window).relative ~= '' then
          return window
        end
      end
    end)
    local lines = vim.api.nvim_buf_get_lines(vim.api.nvim_win_get_buf(float), 0, -1, false)
    vim.api.nvim_win_close(float, true)
    local text = table.concat(lines, '\n')
    assert(text:find(wanted.says, 1, true), 'the hover says: ' .. text)
  end)
end

for _, wanted in ipairs(expected.definitions) do
  check(('definition of %s in %s'):format(wanted.word, wanted.file), function()
    open(wanted.file)
    client()
    go_to(wanted)
    vim.lsp.buf.definition()
    eventually('the jump', function()
      return vim.api.nvim_buf_get_name(0) == vim.fs.joinpath(workspace, wanted.leads_to.file)
        and vim.api.nvim_get_current_line():find(wanted.leads_to.line, 1, true)
    end)
  end)
end

--- What the server answers about the open buffer.
local function ask(method, params)
  params.textDocument = vim.lsp.util.make_text_document_params(0)
  local response = client():request_sync(method, params, TIMEOUT, 0)
  assert(response and not response.err, vim.inspect(response))
  return response.result
end

--- A line with the place in it marked, without the white space around. Columns are bytes, from 0.
local function marked(line, from, to)
  return vim.trim(line:sub(1, from) .. '«' .. line:sub(from + 1, to) .. '»' .. line:sub(to + 1))
end

--- Compares what no order is promised for.
local function same(found, wanted)
  table.sort(found)
  wanted = vim.list_extend({}, wanted)
  table.sort(wanted)
  assert(vim.deep_equal(found, wanted), vim.inspect(found))
end

for _, wanted in ipairs(expected.highlights) do
  check(('highlights of %s in %s'):format(wanted.word, wanted.file), function()
    local buffer = open(wanted.file)
    client()
    go_to(wanted)
    vim.lsp.buf.clear_references()
    vim.lsp.buf.document_highlight()
    local shown = eventually('the highlights', function()
      local namespace = vim.api.nvim_get_namespaces()['nvim.lsp.references']
      local marks = namespace and vim.api.nvim_buf_get_extmarks(buffer, namespace, 0, -1, { details = true }) or {}
      return #marks > 0 and marks
    end)
    same(
      vim.tbl_map(function(mark)
        local line = vim.api.nvim_buf_get_lines(buffer, mark[2], mark[2] + 1, true)[1]
        return marked(line, mark[3], mark[4].end_col)
      end, shown),
      wanted.marks
    )
    vim.lsp.buf.clear_references()
  end)
end

--- What an action puts into the list of quick fixes.
local function listed(run)
  vim.fn.setqflist({}, 'f')
  run()
  local found = eventually('the list', function()
    local all = vim.fn.getqflist()
    return #all > 0 and all
  end)
  vim.cmd.cclose()
  return found
end

for _, wanted in ipairs(expected.references) do
  check(('references of %s in %s'):format(wanted.word, wanted.file), function()
    open(wanted.file)
    client()
    go_to(wanted)
    local found = listed(vim.lsp.buf.references)
    same(
      vim.tbl_map(function(item)
        local file = vim.fs.relpath(workspace, vim.api.nvim_buf_get_name(item.bufnr))
        vim.fn.bufload(item.bufnr)
        local line = vim.api.nvim_buf_get_lines(item.bufnr, item.lnum - 1, item.lnum, true)[1]
        return file .. ': ' .. marked(line, item.col - 1, item.end_col - 1)
      end, found),
      wanted.finds
    )
  end)
end

for _, wanted in ipairs(expected.calls) do
  check(('lineage of %s in %s, as calls'):format(wanted.word, wanted.file), function()
    open(wanted.file)
    client()
    go_to(wanted)
    local row, column = unpack(vim.api.nvim_win_get_cursor(0))
    local item = ask('textDocument/prepareCallHierarchy', { position = { line = row - 1, character = column } })[1]
    assert(item.name == wanted.is, vim.inspect(item))
    local here = vim.api.nvim_get_current_buf()
    for _, way in ipairs({ 'incoming', 'outgoing' }) do
      local names = {}
      if #wanted[way] > 0 then
        names = vim.tbl_map(function(call)
          return call.text
        end, listed(vim.lsp.buf[way .. '_calls']))
      else
        names = client():request_sync('callHierarchy/' .. way .. 'Calls', { item = item }, TIMEOUT, 0).result or {}
      end
      same(names, wanted[way])
      vim.api.nvim_set_current_buf(here)
      go_to(wanted)
    end
    for way, path in pairs({ incoming = wanted.upstream, outgoing = wanted.downstream }) do
      local at = item
      for _, name in ipairs(path) do
        local calls = client():request_sync('callHierarchy/' .. way .. 'Calls', { item = at }, TIMEOUT, 0).result
        local next = vim.tbl_map(function(call)
          return call.from or call.to
        end, calls)
        at = vim.iter(next):find(function(found)
          return found.name == name
        end)
        assert(at, name .. ' is not in ' .. vim.inspect(next))
      end
    end
  end)
end

for _, wanted in ipairs(expected.lenses) do
  check(('lenses on %s in %s'):format(wanted.word, wanted.file), function()
    local buffer = open(wanted.file)
    local id = client().id
    go_to(wanted)
    local line = vim.api.nvim_win_get_cursor(0)[1] - 1
    local here
    eventually('the lenses', function()
      vim.lsp.codelens.refresh({ bufnr = buffer })
      here = vim.tbl_filter(function(lens)
        return lens.range.start.line == line and lens.command
      end, vim.lsp.codelens.get(buffer))
      return #here == #wanted.says
    end)
    local titles = vim.tbl_map(function(lens)
      return lens.command.title
    end, here)
    assert(vim.deep_equal(titles, wanted.says), vim.inspect(titles))
    vim.lsp.commands[here[1].command.command](here[1].command, { bufnr = buffer, client_id = id })
    local listed = vim.fn.getqflist()
    assert(#listed == #here[1].command.arguments[3], vim.inspect(listed))
    vim.cmd.cclose()
  end)
end

for _, wanted in ipairs(expected.hints) do
  check(('hint behind %s in %s'):format(wanted.word, wanted.file), function()
    local buffer = open(wanted.file)
    client()
    go_to(wanted)
    local row, column = unpack(vim.api.nvim_win_get_cursor(0))
    vim.lsp.inlay_hint.enable(true, { bufnr = buffer })
    eventually('the hint', function()
      for _, found in ipairs(vim.lsp.inlay_hint.get({ bufnr = buffer })) do
        local at = found.inlay_hint.position
        if at.line == row - 1 and at.character == column + #wanted.word then
          return found.inlay_hint.label == wanted.says
        end
      end
    end)
  end)
end

for _, wanted in ipairs(expected.symbols) do
  check(('symbols of %s'):format(wanted.file), function()
    open(wanted.file)
    client()
    local names = {}
    local function collect(symbols)
      for _, symbol in ipairs(symbols or {}) do
        names[symbol.name] = true
        collect(symbol.children)
      end
    end
    collect(ask('textDocument/documentSymbol', {}))
    for _, name in ipairs(wanted.names) do
      assert(names[name], name .. ' is not in ' .. vim.inspect(names))
    end
  end)
end

check('the workspace is searched for symbols', function()
  local found = ask('workspace/symbol', { query = expected.search.query })
  local names = vim.tbl_map(function(symbol)
    return symbol.name
  end, found)
  assert(vim.tbl_contains(names, expected.search.finds), vim.inspect(names))
end)

for _, wanted in ipairs(expected.completions) do
  check(('completion of %s in %s'):format(wanted.offers, wanted.file), function()
    open(wanted.file)
    client()
    go_to(wanted)
    local row, column = unpack(vim.api.nvim_win_get_cursor(0))
    local list = ask('textDocument/completion', { position = { line = row - 1, character = column } })
    for _, item in ipairs(list.items) do
      if item.label == wanted.offers then
        local resolved = client():request_sync('completionItem/resolve', item, TIMEOUT, 0).result
        local told = (resolved.documentation or {}).value or ''
        assert(told:find(wanted.says, 1, true), told)
        return
      end
    end
    error('offered: ' .. vim.inspect(list.items))
  end)
end

check('quick fix removes its diagnostic, and places the cursor', function()
  local wanted = expected.fix
  local buffer = open(wanted.file)
  local found = eventually('the diagnostic', function()
    return diagnostic(buffer, wanted)
  end)
  local before = table.concat(vim.api.nvim_buf_get_lines(buffer, 0, -1, false), '\n')
  vim.api.nvim_win_set_cursor(0, { found.lnum + 1, found.col })
  vim.lsp.buf.code_action({
    apply = true,
    context = { only = { 'quickfix' }, diagnostics = { found.user_data.lsp } },
    filter = function(action)
      return vim.startswith(action.title, wanted.title)
    end,
  })
  eventually('the edit', function()
    local after = table.concat(vim.api.nvim_buf_get_lines(buffer, 0, -1, false), '\n')
    return after ~= before and after:find(wanted.writes, 1, true)
  end)
  eventually('the cursor in what was written', function()
    return vim.api.nvim_get_current_line():find(wanted.writes, 1, true)
  end)
  eventually('the diagnostic to go', function()
    return not diagnostic(buffer, wanted)
  end)
end)

check('an edit that breaks a requirement is told at once, and undone by its fix', function()
  local wanted = expected.contradiction
  local buffer = open(wanted.file)
  local before = vim.api.nvim_buf_get_lines(buffer, 0, -1, false)
  local edited = vim.tbl_map(function(line)
    return (line:gsub(vim.pesc(wanted.edit.from), wanted.edit.to))
  end, before)
  vim.api.nvim_buf_set_lines(buffer, 0, -1, false, edited)
  local found = eventually('the contradiction', function()
    for _, found in ipairs(vim.diagnostic.get(buffer)) do
      if found.code == wanted.code then
        return found
      end
    end
  end)
  vim.api.nvim_win_set_cursor(0, { found.lnum + 1, found.col })
  vim.lsp.buf.code_action({
    apply = true,
    context = { only = { 'quickfix' }, diagnostics = { found.user_data.lsp } },
    filter = function(action)
      return action.title == wanted.title
    end,
  })
  eventually('what was agreed', function()
    return vim.deep_equal(vim.api.nvim_buf_get_lines(buffer, 0, -1, false), before)
  end)
end)

check('a lock counts as it is edited, before it is written', function()
  local wanted = expected.lock
  local model = open(wanted.file)
  local function is_told()
    return vim.iter(vim.diagnostic.get(model)):any(function(found)
      return found.code == wanted.code
    end)
  end
  eventually('silence', function()
    return not is_told()
  end)
  local lock = open(wanted.lock)
  client()
  local before = vim.api.nvim_buf_get_lines(lock, 0, -1, false)
  local edited = vim.tbl_map(function(line)
    return (line:gsub(vim.pesc(wanted.edit.from), wanted.edit.to))
  end, before)
  vim.api.nvim_buf_set_lines(lock, 0, -1, false, edited)
  eventually('the drift', is_told)
  vim.api.nvim_buf_set_lines(lock, 0, -1, false, before)
  eventually('silence again', function()
    return not is_told()
  end)
end)

check('an amendment is drafted with what the person answers', function()
  local wanted = expected.amendment
  open(wanted.file)
  go_to(wanted)
  vim.ui.input = function(_, answer)
    answer(wanted.requirement)
  end
  vim.lsp.buf.code_action({
    apply = true,
    filter = function(action)
      return vim.startswith(action.title, wanted.title)
    end,
  })
  eventually('the requirement in the spec, and the cursor behind it', function()
    local text = table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), '\n')
    return vim.api.nvim_buf_get_name(0) == vim.fs.joinpath(workspace, wanted.spec)
      and text:find('requirement: ' .. wanted.requirement, 1, true)
      and vim.api.nvim_get_current_line():find('change: tbd', 1, true)
  end)
end)

check('a column is renamed in every file that names it', function()
  local wanted = expected.rename
  open(wanted.file)
  client()
  go_to(wanted)
  vim.lsp.buf.rename(wanted.to)
  for _, written in ipairs(wanted.writes) do
    local path = vim.fs.joinpath(workspace, written.file)
    eventually('the edit of ' .. written.file, function()
      local buffer = vim.fn.bufnr(path)
      local lines = buffer >= 0 and vim.api.nvim_buf_get_lines(buffer, 0, -1, false) or {}
      return table.concat(lines, '\n'):find(written.text, 1, true)
    end)
  end
end)

check('checkhealth finds the server running', function()
  vim.cmd('silent checkhealth rationale')
  local report = table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), '\n')
  assert(report:find('The server is ', 1, true) and report:find('Running for ' .. workspace, 1, true), report)
  vim.cmd.bdelete()
end)

check('the specs of a folder are drafted', function()
  local wanted = expected.described
  local folder = vim.fs.joinpath(workspace, wanted.folder)
  vim.fn.mkdir(folder, 'p')
  vim.fn.writefile({ wanted.sql }, vim.fs.joinpath(workspace, wanted.file))
  -- The server hears of the file from the buffer, for not every Neovim watches folders.
  open(wanted.file)
  client()
  eventually('the spec', function()
    vim.cmd.RationaleDraftSpecs(folder)
    return vim.wait(500, function()
      local spec = vim.fn.bufnr(vim.fs.joinpath(workspace, wanted.spec))
      local lines = spec ~= -1 and vim.api.nvim_buf_get_lines(spec, 0, -1, false) or {}
      return table.concat(lines, '\n'):find(wanted.writes, 1, true) ~= nil
    end)
  end)
end)

check('restart starts a new server for the same buffers', function()
  local wanted = expected.diagnostics[2]
  local buffer = open(wanted.file)
  local old = client()
  vim.cmd.RationaleRestart()
  eventually('the old server to end', function()
    return old:is_stopped() and not vim.lsp.get_client_by_id(old.id)
  end)
  assert(client().id ~= old.id)
  eventually('the diagnostic again', function()
    return diagnostic(buffer, wanted)
  end)
end)

check('the server ends when it is told to', function()
  local last = client()
  last:stop()
  eventually('the end', function()
    return last:is_stopped()
  end)
end)

io.stdout:write(('neovim: %d passed, %d failed\n'):format(passed, failed))
vim.cmd(failed == 0 and 'qall!' or 'cquit 1')
