import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.Provider;
import java.util.Map;
import java.util.TreeMap;
import javax.security.auth.callback.CallbackHandler;
import javax.security.sasl.SaslServer;
import javax.security.sasl.SaslServerFactory;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.security.auth.SecurityProviderCreator;

/**
 * The broker's side of AWS_MSK_IAM, the mechanism of AWS's own Java clients, as the README of aws-msk-iam-auth describes it: one
 * message with the parts of a presigned call to this broker, one answer.
 */
public class MskIamMechanism implements SecurityProviderCreator {
    private static final String VERSION = "2020_10_22";
    private static final Map<String, String> NAMES = Map.of(
            "action", "Action",
            "x-amz-algorithm", "X-Amz-Algorithm",
            "x-amz-credential", "X-Amz-Credential",
            "x-amz-date", "X-Amz-Date",
            "x-amz-security-token", "X-Amz-Security-Token",
            "x-amz-signedheaders", "X-Amz-SignedHeaders",
            "x-amz-expires", "X-Amz-Expires",
            "x-amz-signature", "X-Amz-Signature");

    @Override
    public Provider getProvider() {
        return new Provider("MskIam", "1", "AWS_MSK_IAM for tests") {
            {
                put("SaslServerFactory.AWS_MSK_IAM", Factory.class.getName());
            }
        };
    }

    public static class Factory implements SaslServerFactory {
        @Override
        public SaslServer createSaslServer(String mechanism, String protocol, String name, Map<String, ?> props, CallbackHandler handler) {
            return new Server((MskTokenVerifier) handler);
        }

        @Override
        public String[] getMechanismNames(Map<String, ?> props) {
            return new String[] {"AWS_MSK_IAM"};
        }
    }

    private static class Server implements SaslServer {
        private final MskTokenVerifier verifier;
        private MskTokenVerifier.Signed signed;

        Server(MskTokenVerifier verifier) {
            this.verifier = verifier;
        }

        @Override
        public byte[] evaluateResponse(byte[] response) {
            try {
                Map<?, ?> said = new ObjectMapper().readValue(response, Map.class);
                String host = String.valueOf(said.get("host"));
                if (!VERSION.equals(said.get("version"))) throw new Exception("another version");
                if (!host.matches("b-\\d+\\.[a-z0-9.-]+\\.amazonaws\\.com")) throw new Exception("not for a broker: " + host);
                TreeMap<String, String> query = new TreeMap<>();
                for (Map.Entry<String, String> name : NAMES.entrySet())
                    if (said.get(name.getKey()) instanceof String value)
                        query.put(name.getValue(), URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20").replace("%7E", "~"));
                signed = verifier.signed(host, query);
                verifier.say("good " + signed.principal() + " by AWS_MSK_IAM");
                return ("{\"version\":\"" + VERSION + "\",\"request-id\":\"1\"}").getBytes(StandardCharsets.UTF_8);
            } catch (Exception thrown) {
                try {
                    verifier.say("bad " + thrown.getMessage() + " by AWS_MSK_IAM");
                } catch (Exception ignored) {
                    // The refusal itself counts.
                }
                throw new SaslAuthenticationException("Access denied");
            }
        }

        @Override
        public boolean isComplete() {
            return signed != null;
        }

        @Override
        public String getAuthorizationID() {
            return signed.principal();
        }

        @Override
        public Object getNegotiatedProperty(String name) {
            return "CREDENTIAL.LIFETIME.MS".equals(name) ? signed.end() : null;
        }

        @Override
        public String getMechanismName() {
            return "AWS_MSK_IAM";
        }

        @Override
        public byte[] unwrap(byte[] incoming, int offset, int length) {
            throw new IllegalStateException();
        }

        @Override
        public byte[] wrap(byte[] outgoing, int offset, int length) {
            throw new IllegalStateException();
        }

        @Override
        public void dispose() {}
    }
}
