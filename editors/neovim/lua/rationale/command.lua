-- Commands of the server.

local M = {}

--- Sends a command, and says what stood in its way.
function M.execute(client, params)
  local function done(err)
    if err then
      vim.notify('rationale: ' .. err.message, vim.log.levels.WARN)
    end
  end
  if vim.fn.has('nvim-0.11') == 1 then
    client:request('workspace/executeCommand', params, done)
  else
    client.request('workspace/executeCommand', params, done)
  end
end

return M
