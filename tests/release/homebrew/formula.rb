# Stands in for Homebrew's classes, as far as a formula of ours may use them: anything else is an error.
# What a word means is taken from Homebrew's Formula Cookbook.

require "digest"
require "fileutils"
require "json"
require "open3"
require "pathname"
require "tmpdir"
require "uri"

PREFIX = Pathname(ENV.fetch("STAND_IN_PREFIX"))
SYSTEM = ENV.fetch("STAND_IN_SYSTEM", RUBY_PLATFORM.include?("darwin") ? "macos" : "linux")
PROCESSOR = ENV.fetch("STAND_IN_PROCESSOR", RUBY_PLATFORM.match?(/aarch64|arm64/) ? "arm" : "intel")

class Pathname
  # Puts files into this folder; `from => to` renames.
  def install(*sources)
    mkpath
    sources.flat_map { |source| source.is_a?(Hash) ? source.to_a : [[source, File.basename(source)]] }.each do |from, to|
      raise "#{from} is not in the archive" unless File.file?(from)

      FileUtils.mv(from, self/to)
      (self/to).chmod(to_s.end_with?("/bin") ? 0o555 : 0o444)
    end
  end
end

class Service
  attr_reader :settings

  def initialize(formula, &block)
    @formula = formula
    @settings = {}
    instance_eval(&block)
    raise "a service without run" unless @settings[:run]
  end

  [:run, :keep_alive, :run_type, :working_dir, :log_path, :error_log_path, :environment_variables].each do |word|
    define_method(word) { |value| @settings[word] = value }
  end

  def opt_bin = @formula.opt_bin
  def var = @formula.var
end

class Formula
  class << self
    attr_reader :values, :service_block, :test_block

    def inherited(formula)
      super
      formula.instance_variable_set(:@values, {})
    end

    [:desc, :homepage, :version, :license, :url, :sha256].each do |word|
      define_method(word) do |value|
        raise "#{word} is given twice" if @values.key?(word)

        @values[word] = value
      end
    end

    def on_macos = (yield if SYSTEM == "macos")
    def on_linux = (yield if SYSTEM == "linux")
    def on_arm = (yield if PROCESSOR == "arm")
    def on_intel = (yield if PROCESSOR == "intel")
    def service(&block) = @service_block = block
    def test(&block) = @test_block = block
  end

  def name = "proxmox-mcp"
  def version = self.class.values.fetch(:version)
  def prefix = PREFIX/"Cellar"/name/version
  def bin = prefix/"bin"
  def man1 = prefix/"share/man/man1"
  def bash_completion = prefix/"etc/bash_completion.d"
  def zsh_completion = prefix/"share/zsh/site-functions"
  def fish_completion = prefix/"share/fish/vendor_completions.d"
  def opt_prefix = PREFIX/"opt"/name
  def opt_bin = opt_prefix/"bin"
  def var = PREFIX/"var"

  # Fetches, checks, unpacks, installs, and links all that was installed.
  def brew
    Dir.mktmpdir do |folder|
      archive = File.join(folder, "archive.tar.gz")
      fetch(self.class.values.fetch(:url), archive)
      sum = Digest::SHA256.file(archive).hexdigest
      wanted = self.class.values.fetch(:sha256)
      raise "SHA-256 mismatch: #{wanted} was expected, #{sum} is it" unless sum == wanted

      system("tar", "-xzf", archive, "-C", folder, exception: true)
      FileUtils.rm(archive)
      inside = Dir.children(folder)
      Dir.chdir(inside.length == 1 ? File.join(folder, inside.first) : folder) { install }
    end
    link
  end

  def link
    FileUtils.mkpath(opt_prefix.dirname)
    FileUtils.ln_sf(prefix, opt_prefix)
    prefix.glob("**/*").select(&:file?).each do |file|
      place = PREFIX/file.relative_path_from(prefix)
      place.dirname.mkpath
      FileUtils.ln_sf(file, place)
    end
  end

  def service = Service.new(self, &self.class.service_block)

  # Runs the test block in an empty folder.
  def try
    Dir.mktmpdir { |folder| Dir.chdir(folder) { instance_eval(&self.class.test_block) } }
  end

  def assert_match(expected, actual)
    found = expected.is_a?(Regexp) ? actual.match?(expected) : actual.include?(expected)
    raise "#{expected.inspect} is not in #{actual.inspect}" unless found
  end

  def shell_output(command, result = 0) = pipe_output(command, "", result)

  def pipe_output(command, input = nil, result = nil)
    out, status = Open3.capture2(command, stdin_data: input.to_s)
    raise "#{command} ended with #{status.exitstatus}" if result && status.exitstatus != result

    out
  end

  private

  def fetch(url, file)
    address = URI(url)
    raise "#{url}: the stand-in has no network" unless address.scheme == "file"

    FileUtils.cp(address.path.gsub(/%(\h\h)/) { Regexp.last_match(1).hex.chr }, file)
  end
end
