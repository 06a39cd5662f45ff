-- What the commands of the plugin do. Everything that another editor could use as well is the server's.

local config = require('rationale.config')

local M = {}

--- The running clients of the server, in the oldest way that all supported versions know.
function M.clients()
  local get = vim.lsp.get_clients or vim.lsp.get_active_clients
  return get({ name = 'rationale' })
end

--- Starts the server for each buffer that it reads, from now on.
function M.enable()
  if vim.lsp.enable then
    vim.lsp.enable('rationale')
    return
  end
  local settings = config.get()
  vim.api.nvim_create_autocmd('FileType', {
    group = vim.api.nvim_create_augroup('rationale', {}),
    pattern = settings.filetypes,
    desc = 'Start the Rationale server',
    callback = function(event)
      settings.root_dir(event.buf, function(root)
        local start = vim.tbl_extend('force', settings, { root_dir = root })
        start.capabilities = vim.tbl_deep_extend(
          'force',
          vim.lsp.protocol.make_client_capabilities(),
          settings.capabilities or {}
        )
        vim.lsp.start(start, { bufnr = event.buf })
      end)
    end,
  })
end

--- What a code lens does: goes to the only place, or lists them all in the quickfix window. `context` is
--- what `vim.lsp.commands` are called with.
function M.show_references(command, context)
  local places = command.arguments[3]
  local client = vim.lsp.get_client_by_id(context.client_id)
  if #places == 0 or not client then
    return
  end
  local items = vim.lsp.util.locations_to_items(places, client.offset_encoding)
  vim.fn.setqflist({}, ' ', { title = command.title, items = items })
  if #items > 1 then
    vim.cmd('botright copen')
  else
    vim.cmd.cfirst()
  end
end

--- Stops every client of the server, and starts a new one for the same buffers.
function M.restart()
  local clients = M.clients()
  if #clients == 0 then
    vim.notify('rationale: no server is running. See :checkhealth rationale', vim.log.levels.WARN)
  end
  for _, client in ipairs(clients) do
    local buffers = vim.tbl_keys(client.attached_buffers)
    if vim.fn.has('nvim-0.11') == 1 then
      client:stop()
    else
      vim.lsp.stop_client(client.id)
    end
    local started
    for _, bufnr in ipairs(buffers) do
      -- The old one is still there until it has answered: only the new one is to be used again.
      started = vim.lsp.start(client.config, {
        bufnr = bufnr,
        reuse_client = function(other)
          return other.id == started
        end,
      })
    end
  end
end

--- Drafts an amendment about what the cursor is on.
function M.new_amendment()
  require('rationale.amendment').at_cursor()
end

--- Opens the log of Neovim's language servers.
function M.log()
  vim.cmd.tabedit(vim.fn.fnameescape(vim.lsp.get_log_path()))
end

return M
